"""How services are set from the environment, and the organisation that DfE Sign-in names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.accounts.rules.organisations import Organisation, agreed, organisation_of
from convenor.accounts.rules.providers import ProviderSet, ProvidersRefused, may_be_asked, providers_of, same_issuer

COUNCIL = {
    "CONVENOR_OIDC": "the-council",
    "CONVENOR_OIDC_THE_COUNCIL_SERVER": "https://login.council.example/",
    "CONVENOR_OIDC_THE_COUNCIL_CLIENT": "convenor",
    "CONVENOR_OIDC_THE_COUNCIL_SECRET": "hush",
}


def test_no_service_is_set_unless_named():
    assert (providers_of({}), providers_of({"CONVENOR_OIDC": " , "})) == ((), ())


def test_plain_service_needs_its_address_and_what_it_gave():
    assert providers_of(COUNCIL) == (
        ProviderSet("the-council", "The council", "plain", "https://login.council.example", "convenor", "hush",
                    ("openid", "profile", "email"), False),
    )  # fmt: skip


def test_dfe_sign_in_knows_its_own_address_and_asks_for_the_organisation():
    told = {
        "CONVENOR_OIDC": "dfe",
        "CONVENOR_OIDC_DFE_KIND": "dfe-sign-in",
        "CONVENOR_OIDC_DFE_CLIENT": "c",
        "CONVENOR_OIDC_DFE_SECRET": "s",
    }
    (found,) = providers_of(told | {"CONVENOR_OIDC_DFE_VOUCHES": "1"})
    assert (found.name, found.server, found.scopes, found.vouches) == (
        "DfE Sign-in", "https://oidc.signin.education.gov.uk", ("openid", "profile", "email", "organisation"), True,
    )  # fmt: skip


def test_several_services_stand_in_their_order():
    told = COUNCIL | {key.replace("THE_COUNCIL", "B"): value for key, value in COUNCIL.items()} | {"CONVENOR_OIDC": "b,the-council"}
    assert [one.key for one in providers_of(told)] == ["b", "the-council"]


@pytest.mark.parametrize(("changed", "words"), [
    ({"CONVENOR_OIDC": "The Council"}, "small letters, digits and hyphens"),
    ({"CONVENOR_OIDC": "the-council,the-council"}, "twice"),
    ({"CONVENOR_OIDC_THE_COUNCIL_SECRET": ""}, "CONVENOR_OIDC_THE_COUNCIL_SECRET is missing"),
    ({"CONVENOR_OIDC_THE_COUNCIL_CLIENT": " "}, "CONVENOR_OIDC_THE_COUNCIL_CLIENT is missing"),
    ({"CONVENOR_OIDC_THE_COUNCIL_SERVER": ""}, "CONVENOR_OIDC_THE_COUNCIL_SERVER is missing"),
    ({"CONVENOR_OIDC_THE_COUNCIL_SERVER": "http://login.council.example"}, "begins with https"),
    ({"CONVENOR_OIDC_THE_COUNCIL_KIND": "saml"}, "one of: plain, dfe-sign-in"),
    ({"CONVENOR_OIDC_THE_COUNCIL_SCOPES": "email"}, "lacks openid"),
    ({"CONVENOR_OIDC_THE_COUNCIL_VOUCHES": "yes"}, "1 or 0"),
])  # fmt: skip
def test_service_set_wrongly_is_refused_with_the_remedy(changed, words):
    with pytest.raises(ProvidersRefused, match=words):
        providers_of(COUNCIL | changed)


@pytest.mark.parametrize(("address", "may"), [
    ("https://a.example", True), ("http://localhost:9000", True), ("http://127.0.0.1:9000", True), ("http://[::1]:9000", True),
    ("http://a.example", False), ("ftp://a.example", False), ("https://", False), ("a.example", False), ("http://10.0.0.1", False),
])  # fmt: skip
def test_secrets_travel_over_https_or_within_this_machine(address, may):
    assert may_be_asked(address) is may


@pytest.mark.parametrize(("one", "other", "same"), [
    ("https://pp-oidc.signin.education.gov.uk:443", "https://pp-oidc.signin.education.gov.uk", True),
    ("https://a.example/", "https://a.example", True), ("https://A.example", "https://a.example", True),
    ("https://a.example:8443", "https://a.example", False), ("http://a.example", "https://a.example", False),
    ("https://a.example/one", "https://a.example/two", False),
])  # fmt: skip
def test_issuer_is_the_same_with_its_usual_port_or_without(one, other, same):
    assert same_issuer(one, other) is same


SAID = {
    "id": "23F20E54", "name": "Fern  School", "category": {"id": "001", "name": "Establishment"}, "urn": "123456", "uid": None,
    "ukprn": "10012345", "establishmentNumber": "2001", "status": {"id": 1, "name": "Open"},
}  # fmt: skip


def test_organisation_is_read_from_its_claim_whether_told_as_text_or_not():
    found = Organisation("Fern School", urn="123456", ukprn="10012345")
    assert organisation_of({"organisation": SAID}) == organisation_of({"organisation": json.dumps(SAID)}) == found


def test_local_authority_is_known_by_its_own_code():
    said = {"name": "Fernshire", "category": {"id": "002"}, "establishmentNumber": "916"}
    assert organisation_of({"organisation": said}) == Organisation("Fernshire", authority_code="916")
    assert organisation_of({"organisation": said | {"category": "002"}}) == Organisation("Fernshire", authority_code="916")
    assert organisation_of({"organisation": said | {"category": {"id": "001"}}}) == Organisation("Fernshire")


@pytest.mark.parametrize("said", [None, "", "{", [], 7, {}, {"name": " "}, "null"])
def test_claim_that_names_nothing_is_no_organisation(said):
    assert organisation_of({"organisation": said}) is None


def test_identifiers_of_another_shape_are_not_read():
    found = organisation_of({"organisation": {"urn": "12345", "uid": "x1", "ukprn": True, "name": "Odd"}})
    assert found == Organisation("Odd")
    assert (found.named, Organisation("x", uid="1").named) == (False, True)


def test_identifier_told_as_a_number_is_read_and_a_missing_name_is_said():
    assert organisation_of({"organisation": {"urn": 123456}}) == Organisation("an organisation without a name", urn="123456")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["name", "urn", "uid", "ukprn", "category", "id", "establishmentNumber"]), inner), max_leaves=12))  # fmt: skip
def test_whatever_a_service_says_is_read_or_left(said):
    found = organisation_of({"organisation": said})
    assert found is None or (found.urn == "" or found.urn.isdigit())


def test_identifiers_agree_on_one_thing_or_on_none():
    one, other = ("school", "123456"), ("trust", "77")
    assert (agreed(one, None, one), agreed(one, other), agreed(None), agreed()) == (one, None, None, None)
