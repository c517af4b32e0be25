from config.probe import is_alive


def test_a_served_portal_is_alive_and_a_closed_port_is_not(live_server, unused_port):
    port = int(live_server.url.rpartition(":")[2])
    assert is_alive(port, f"127.0.0.1:{port}")
    assert not is_alive(unused_port, "127.0.0.1")


def test_a_server_that_answers_by_an_error_is_not_alive(live_server):
    port = int(live_server.url.rpartition(":")[2])
    assert not is_alive(port, "un-autre-site.example")
