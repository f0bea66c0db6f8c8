"""Recompute an exported decision from its bundle alone: hashes, proofs, signatures, the result. Pure.

What it trusts: the signing key, unless a fingerprint is pinned or a witness (a signed head kept earlier) is given; the
report says so plainly.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from govern.audit.rules.heads import Head, fingerprint, parse_head
from govern.audit.rules.merkle import extends, includes, leaf_hash
from govern.counting.electors import parse_motion
from govern.counting.errors import CountingError
from govern.counting.motion import count_motion
from govern.counting.rule import parse_rule
from govern.desk.rules.archive import unpack
from govern.kernel.canonical import canonical_text, sha256_hex
from govern.kernel.errors import InputError

FORMAT = "govern-bundle/1"
UNLISTED = frozenset({"manifest.json", "signature.json"})


@dataclass
class Report:
    """What was checked (sentences) and what does not hold (each naming the file)."""

    checked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    trust: str = ""

    def need(self, holds: bool, fault: str) -> bool:  # noqa: FBT001 - reads as a sentence
        """Note ``fault`` unless it holds."""
        if not holds:
            self.faults.append(fault)
        return holds


def verify(data: bytes, *, key: str | None = None, witness: Head | None = None) -> Report:
    """Check a bundle; InputError when it cannot even be read. ``key``: pinned fingerprint of the signing key."""
    report = Report()
    files = unpack(data)
    report.checked.append("Every byte of the archive is where it belongs.")
    manifest = _load(files, "manifest.json")
    if not isinstance(manifest, Mapping) or manifest.get("format") != FORMAT:
        raise InputError(f"manifest.json: its format must be {FORMAT}.")
    with _shape_of("manifest.json"):
        _check_files(report, files, manifest)
    with _shape_of("signature.json"):
        signer = _check_signature(report, files)
    head = _head(files)
    with _shape_of("audit.json"):
        _check_log(report, files, head, signer)
    for folder in manifest.get("decisions", []):
        try:
            _check_decision(report, files, folder)
        except (CountingError, KeyError, TypeError, ValueError, AttributeError) as error:
            report.faults.append(f"{folder}: it cannot be recounted: {error}")
    _check_trust(report, files, head, key=key, witness=witness)
    return report


@contextmanager
def _shape_of(name: str) -> Iterator[None]:
    """InputError naming the file when its content does not have the form of an export."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{name}: it does not have the form of an export ({type(error).__name__}: {error}).") from None


def _head(files: Mapping[str, bytes]) -> Head:
    _load(files, "head.json")
    try:
        return parse_head(files["head.json"])
    except InputError:
        raise InputError("head.json: it is no signed head, or was changed after it was signed.") from None


def _load(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise InputError(f"{name}: missing from the bundle.")
    try:
        return json.loads(files[name])
    except ValueError:
        raise InputError(f"{name}: it is not JSON.") from None


def _check_files(report: Report, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    listed = dict(manifest.get("files", {}))
    for name in sorted(set(listed) - set(files)):
        report.faults.append(f"{name}: listed in manifest.json and missing.")
    for name in sorted(set(files) - set(listed) - UNLISTED):
        report.faults.append(f"{name}: not listed in manifest.json.")
    for name in sorted(set(listed) & set(files)):
        report.need(sha256_hex(files[name]) == listed[name], f"{name}: its hash is not the one in manifest.json.")
    report.checked.append(f"{len(listed)} files have the hashes of the manifest.")


def _check_signature(report: Report, files: Mapping[str, bytes]) -> bytes:
    told = _load(files, "signature.json")
    public_key, signature = bytes.fromhex(told["public_key"]), bytes.fromhex(told["signature"])
    holds = _signs(public_key, signature, files["manifest.json"])
    report.need(holds, "signature.json: it does not sign manifest.json.")
    report.checked.append(f"The manifest is signed by the key {fingerprint(public_key)}.")
    return public_key


def _signs(public_key: bytes, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 5 MB only who verifies needs
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_log(report: Report, files: Mapping[str, bytes], head: Head, signer: bytes) -> None:
    report.need(head.public_key == signer, "head.json: it is signed by another key than the manifest.")
    entries = _load(files, "audit.json")["entries"]
    for entry in entries:
        path = [bytes.fromhex(step) for step in entry["path"]]
        leaf = leaf_hash(b64decode(entry["payload"]))
        proved = includes(head.root, leaf, entry["position"], head.size, path)
        report.need(proved, f"audit.json: entry {entry['id']} does not stand under the signed head.")
    report.checked.append(f"{len(entries)} entries of the audit log stand under the signed head of {head.size}.")


def _logged(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    entries = _load(files, "audit.json")["entries"]
    return [json.loads(b64decode(entry["payload"])) for entry in entries]


def _check_decision(report: Report, files: Mapping[str, bytes], folder: str) -> None:
    decision = _load(files, f"{folder}decision.json")
    vote = parse_motion(_load(files, f"{folder}vote.json"), f"{folder}vote.json")
    result = canonical_text(count_motion(vote.rule, vote.electors).to_dict())
    counted = sha256_hex(result.encode())
    report.need(counted == decision["result_hash"], f"{folder}vote.json: recounting it gives another result.")
    shown = canonical_text(decision["result"])
    report.need(shown == result, f"{folder}decision.json: its result is not what vote.json gives.")
    frozen = files[f"{folder}rule.json"]
    report.need(
        sha256_hex(frozen) == decision["rule_hash"],
        f"{folder}rule.json: it is not the rule frozen when the vote opened.",
    )
    report.need(parse_rule(json.loads(frozen)) == vote.rule, f"{folder}vote.json: its rule is not that of rule.json.")
    text_hash = sha256_hex(files[f"{folder}text.md"])
    report.need(text_hash == decision["text_hash"], f"{folder}text.md: it is not the text that was decided on.")
    _check_entries(report, files, folder, decision)
    _check_ballots(report, files, folder, decision)
    report.checked.append(f"Decision {decision['number']} recounted: {decision['outcome']}.")


def _check_entries(report: Report, files: Mapping[str, bytes], folder: str, decision: Mapping[str, Any]) -> None:
    """The log itself names the number, the outcome and the hashes; nobody can change the files to fit it."""
    told = {
        (entry["action"], entry["object"][1]): entry["with"]["after"] or {}
        for entry in _logged(files)
        if entry["action"] in {"decision.declared", "vote.opened"}
    }
    declared = told.get(("decision.declared", str(decision["id"])), {})
    opened = told.get(("vote.opened", str(decision["vote"])), {})
    for name in ("number", "outcome", "result_hash"):
        report.need(
            declared.get(name) == decision[name], f"{folder}decision.json: its {name} is not the one in the log."
        )
    for name in ("text_hash", "rule_hash"):
        report.need(opened.get(name) == decision[name], f"{folder}decision.json: its {name} is not the one in the log.")


def _check_ballots(report: Report, files: Mapping[str, bytes], folder: str, decision: Mapping[str, Any]) -> None:
    """Each ballot opens the last commitment its elector left in the log; each commitment has its ballot."""
    last: dict[str, str] = {}
    for entry in _logged(files):
        if entry["action"] in {"ballot.cast", "ballot.replaced"} and entry["object"][1] == str(decision["vote"]):
            last[entry["with"]["after"]["elector"]] = entry["with"]["after"]["commitment"]
    ballots = _load(files, f"{folder}ballots.json")["ballots"]
    votes = {e["id"]: e.get("vote") for e in _load(files, f"{folder}vote.json")["electors"] if e.get("vote")}
    opened = {}
    for ballot in ballots:
        content = f"{ballot['salt']}|{decision['vote']}|{ballot['elector']}|{ballot['choice']}"
        opened[ballot["elector"]] = sha256_hex(content.encode())
    report.need(opened == last, f"{folder}ballots.json: it does not open the commitments in the log.")
    same = {ballot["elector"]: ballot["choice"] for ballot in ballots} == votes
    report.need(same, f"{folder}vote.json: its votes are not those of ballots.json.")


def _check_trust(
    report: Report, files: Mapping[str, bytes], head: Head, *, key: str | None, witness: Head | None
) -> None:
    if key is not None:
        pinned = head.key_id == key.lower().removeprefix("sha256:")
        report.need(pinned, f"head.json: it is signed by {head.key_id}, not by the key you named.")
        report.checked.append("The signing key is the one you named.")
    if witness is not None:
        with _shape_of("heads.json"):
            _check_witness(report, files, head, witness)
    if key is None and witness is None:
        report.trust = (
            "Nobody outside vouches for the signing key: name its fingerprint with --key, or give a head kept earlier "
            "with --witness. Until then the signer itself is taken on trust."
        )


def _check_witness(report: Report, files: Mapping[str, bytes], head: Head, witness: Head) -> None:
    proofs = {proof["size"]: proof["path"] for proof in _load(files, "heads.json")["proofs"]}
    if witness.size > head.size:
        report.faults.append("witness: it is newer than this bundle; ask for a new export.")
        return
    if witness.size not in proofs:
        report.faults.append("witness: this bundle holds no proof for a head of that size.")
        return
    path = [bytes.fromhex(step) for step in proofs[witness.size]]
    holds = extends(witness.size, witness.root, head.size, head.root, path)
    report.need(holds, "witness: the log was rewritten since that head was signed.")
    report.need(witness.key_id == head.key_id, "witness: it was signed by another key.")
    report.checked.append(f"The log continues the head of {witness.size} entries that you kept.")
