"""The log of what happened, and the proof that it was not changed afterwards.

Words: an *entry* is one thing somebody did, written in the transaction that did it. A *seal* gives an entry its place
as a leaf of an RFC 6962 Merkle tree. A *head* is the signed summary of the tree at one size. A *witness* is a head kept
somewhere else, where whoever runs the server cannot reach it.

An entry waits with a keyed code (HMAC) until the worker seals it. Nothing ever changes or leaves: triggers of the
database refuse it. The board, the secretariat and the auditor read the log; liaisons and observers see its hashes.
"""
