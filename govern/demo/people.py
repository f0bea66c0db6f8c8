"""Who is who: members with their figures, and the people who act for them. All names are invented."""

from typing import NamedTuple


class Organisation(NamedTuple):
    """A member of the story; ``units`` as its tariff counts them, ``years`` ago it joined relative to D's year."""

    code: str
    name: str
    category: str
    units: int
    joined: int
    licence: str
    delegate: str
    alternate: str = ""
    dues_contact: str = ""
    start_up: bool = False
    public_body: bool = False


COLLEGES = {"I": "Care", "II": "Hospitality and travel", "III": "Public and knowledge"}
# code: name, unit, college, fixed, per unit, cap (major units, domain of the tariff)
CATEGORIES = {
    "HOS": ("Hospitals", "licensed bed", "I", 2000, 12, 8000),
    "CLI": ("Clinics", "licensed room or chair", "I", 1200, 60, 3000),
    "PRO": ("Professionals", "affiliated professional", "I", 600, 5, 1500),
    "REC": ("Recovery places", "room", "II", 1000, 8, 2500),
    "TOU": ("Travel operators", "employee", "II", 900, 40, 2000),
    "GOV": ("Public bodies", "", "III", 4000, 0, 4000),
    "KNO": ("Knowledge and insurance", "", "III", 1500, 0, 1500),
}
BANDS = ((1000, 1), (2000, 2), (4000, 3), (None, 4))

# Years since joining are counted from D's year when D falls in 2026; seeding shifts them with D.
ORGANISATIONS = (
    Organisation(
        "M01",
        "Port Aurel General Hospital (public trust)",
        "HOS",
        420,
        7,
        "HF-0007",
        "Beatriz Amaral",
        "Rui Tavares",
        public_body=True,
    ),
    Organisation("M02", "St. Brannoc Private Hospital", "HOS", 180, 7, "HF-0031", "Conor Hale", "Siobhan Reyes"),
    Organisation("M03", "Meridian Orthopaedic Hospital", "HOS", 90, 6, "HF-0044", "Dr. Pavel Horak"),
    Organisation("M04", "Cala Nera Heart Institute", "HOS", 60, 4, "HF-0052", "Dr. Lidia Monte"),
    Organisation("M05", "Lumen Eye Clinic", "CLI", 6, 7, "CL-0110", "Hana Brandt"),
    Organisation(
        "M06", "Sorriso Dental Centre", "CLI", 14, 7, "CL-0118", "Miguel Sarmento", "Joana Pires", "Teresa Lobo"
    ),
    Organisation("M07", "Harbour Smiles Dental", "CLI", 8, 5, "CL-0173", "Owen Castell"),
    Organisation("M08", "Novagen Fertility Clinic", "CLI", 10, 6, "CL-0144", "Dr. Aylin Demir"),
    Organisation("M09", "Tarrega Aesthetic Surgery", "CLI", 4, 1, "CL-0231", "Dr. Marc Tarrega", start_up=True),
    Organisation("M10", "Aurel Coast Medical Chamber", "PRO", 260, 7, "PB-0002", "Dr. Sofia Leal"),
    Organisation("M11", "Coast Physiotherapists' Association", "PRO", 84, 6, "PB-0009", "Nuno Faria", "", "Marta Gil"),
    Organisation("M12", "Independent Nurses' Cooperative", "PRO", 40, 5, "PB-0014", "Grace Adeyemi"),
    Organisation("M13", "Hotel Miramar Recovery", "REC", 64, 7, "TE-0402", "Elena Marsh", "Tiago Reis"),
    Organisation("M14", "Villa Quieta Convalescent Centre", "REC", 38, 6, "TE-0417/RC-03", "Agnes Rolland"),
    Organisation("M15", "Grand Promenade Hotel", "REC", 150, 7, "TE-0388", "Victor Lang"),
    Organisation("M16", "Thermae Salvia Spa and Rehabilitation", "REC", 72, 4, "TE-0451/RC-07", "Ruta Vale"),
    Organisation("M17", "BlueGate Medical Travel", "TOU", 12, 7, "TA-0061", "Jonas Feld"),
    Organisation("M18", "Aurel Coast Transfers", "TOU", 18, 6, "TR-0025", "Paula Estevez"),
    Organisation(
        "M19", "Passage Care Concierge", "TOU", 3, 1, "TA-0099", "Idris Kaya", "", "Leonor Viana", start_up=True
    ),
    Organisation("M20", "City of Port Aurel", "GOV", 0, 7, "", "Clara Nogueira", "Henrique Sol", public_body=True),
    Organisation("M21", "Aurel Coast Tourist Board", "GOV", 0, 7, "", "Felix Moura", public_body=True),
    Organisation("M22", "Aurel Regional Development Agency", "GOV", 0, 3, "", "Ana Brito", public_body=True),
    Organisation("M23", "University of Calandria, Faculty of Health Sciences", "KNO", 0, 7, "", "Prof. Ivo Sander"),
    Organisation("M24", "Concordia Health Insurance Mutual", "KNO", 0, 2, "IN-0012", "Renata Voss"),
)
APPLICANT = ("Bright Arch Dental Studio", "CLI", 5)

GUIDE = "M06"
SECRETARY = "Petra Lund"
FINANCE = "Samir Okoye"
RECORDS = "Lucia Prat"
CHAIR = "Dr. Irene Sol"
AUDITORS = ("Walter Quin", "Inês Duarte")
TREASURER = "Olga Brandão"
TOURISM_LIAISON = "Helena Voss"
TOURISM_DEPUTY = "Marc Olin"
HEALTH_LIAISON = "Dr. Tomas Arden"
OBSERVER = "Ines Calder"
BOARD = ("M01", "M03", "M06", "M10", "M13", "M17", "M20", "M23")
COMMITTEE = ("M03", "M08", "M10", "M12", "M14", "M23")


def email_of(name: str) -> str:
    """``Dr. Irene Sol`` -> ``irene.sol@example.org`` (plain ASCII)."""
    plain = name.replace("ã", "a").replace("ê", "e").lower()
    words = [word for word in plain.replace("'", "").split() if not word.endswith(".")]
    return ".".join(words) + "@example.org"
