from accounts.erasure import goes_with_account
from roles.models import SavedResult


@goes_with_account
def saved_results(person):
    SavedResult.objects.filter(owner=person).delete()
