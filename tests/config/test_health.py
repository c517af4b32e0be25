import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def test_alive_asks_nothing_of_the_database(client):
    response = client.get("/sante/")
    assert response.json() == {"etat": "en vie"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_is_up_to_date(client):
    response = client.get("/sante/prete/")
    assert (response.status_code, response.json()) == (200, {"etat": "prêt"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/sante/prete/")
    assert response.status_code == 503
    assert response.json() == {"etat": "pas prêt", "manque": ["sessions.0001_initial"]}


@pytest.mark.parametrize("address", ["/sante/", "/sante/prete/"])
def test_probes_only_look(client, address):
    response = client.post(address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
