"""What stands around a standing and serves nobody any more when the person has left."""

from uuid import UUID

from guitai.kit import files
from guitai.kit.transactions import required
from guitai.people.models import DormancyNotice, FreezeWord, ReleaseDocument


def forget_standing(person: UUID) -> int:
    """Erase the freeze word, notices and photos shown to get out; causes and history stay, they name no data.

    gives    how many records
    """
    required()
    erased = sum(model.objects.filter(person_id=person).delete()[0] for model in (FreezeWord, DormancyNotice))
    for row in ReleaseDocument.objects.select_for_update().filter(person_id=person).exclude(files=[]):
        erased += files.erase(row.files)
        row.files = []
        row.state = "declined" if row.state == "waiting" else row.state
        row.save(update_fields=["files", "state"])
    return erased
