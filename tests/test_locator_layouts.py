"""The locator's export as it changed: a CSV since 2025, other headings in 2026, some with another meaning."""

import make_sample
import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.releases import listing

NEW = catalog.Release("findtreatment", "mine", file="export.csv", survey_year=2031)
WHO = "    name1,name2,street1,street2,city,state,zip,zip4,county,phone,website,latitude,longitude,type_facility"
SITE = "Alder House (synthetic),,1 Elm Street,,Denver,CO,80203,,Denver,303-555-0100,https://,39.7392,-104.9849,{kind}"
CODES_2026 = (
    "sa,op,iop,ort,mu,bu,nu,ssa,ssu,np,cash,md,mc,si,pi,tricare,fsa,ss,pa,asl,sp,mhsu,vet,adol,sen,ya,mi,cbt,n40 "
)
CODES_2023 = "mh,sa,op,oit,ort,mu,bu,nu,stag,ssa,np,sf,md,mc,si,pi,mi,fsa,ss,pa,ah,sp,co,vet,ad,se,tay,moti,cbt,n40"


def built(tmp_path, codes: str, *marked: set[str], kinds: tuple[str, ...] = ("SU",)) -> pd.DataFrame:
    """Rows of an export (SYNTHETIC) whose entries carry the marked codes."""
    names = [name.strip() for name in codes.split(",")]
    lines = [f"{WHO},{codes}"]
    for kind, marks in zip(kinds, marked, strict=True):
        lines.append(SITE.format(kind=kind) + "," + ",".join("1" if name in marks else "" for name in names))
    path = tmp_path / NEW.file
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return listing.read_release(NEW, path).facilities


def test_in_2026_mi_is_motivational_interviewing_and_tricare_the_payer(tmp_path):
    table = built(tmp_path, CODES_2026, {"sa", "iop", "mi", "md"}, {"sa", "tricare"}, kinds=("SU", "SU"))
    assert table["accepts_military_insurance"].tolist() == ["no", "yes"]
    assert table["offers_motivational_interviewing"].tolist() == ["yes", "no"]
    assert table["offers_iop"].tolist() == ["yes", "no"]


def test_in_2023_mi_is_the_military_payer(tmp_path):
    table = built(tmp_path, CODES_2023, {"sa", "oit", "mi"}, {"sa", "moti", "md"}, kinds=("SU", "SU"))
    assert table["accepts_military_insurance"].tolist() == ["yes", "no"]
    assert table["offers_motivational_interviewing"].tolist() == ["no", "yes"]


@pytest.mark.parametrize(
    ("old", "new", "variable"),
    [
        ("oit", "iop", "offers_iop"),
        ("sf", "cash", "accepts_self_pay"),
        ("ah", "asl", "offers_sign_language"),
        ("co", "mhsu", "serves_co_occurring"),
        ("ad", "adol", "serves_adolescents"),
        ("se", "sen", "serves_older_adults"),
        ("tay", "ya", "serves_young_adults"),
        ("ss", "ss", "offers_sliding_fee"),
        ("sp", "sp", "offers_spanish"),
    ],
)
def test_a_renamed_heading_answers_the_same_question(tmp_path, old, new, variable):
    assert built(tmp_path, CODES_2023, {"sa", old})[variable].tolist() == ["yes"]
    assert built(tmp_path, CODES_2026, {"sa", new})[variable].tolist() == ["yes"]


def test_ssa_was_screening_and_became_the_state_agency(tmp_path):
    assert built(tmp_path, CODES_2023, {"sa", "ssa"})["codes"].tolist() == ["SA SSA"]
    assert built(tmp_path, CODES_2026, {"sa", "ssa"})["codes"].tolist() == ["SA STAG"]
    assert built(tmp_path, CODES_2026, {"sa", "ssu"})["codes"].tolist() == ["SA SSA"]


def test_a_bare_prefix_is_no_website_and_the_form_is_the_nearest_known(tmp_path):
    table = built(tmp_path, CODES_2026, {"sa"}, {"mh"}, kinds=("SU", "MH"))
    assert table["website"].isna().all()
    assert table["code_form"].str.startswith(("su/export", "mh/export")).all()


def test_the_csv_of_an_export_gives_what_its_workbook_gives(tmp_path):
    name = "findtreatment@tx-2023"
    held = make_sample.content(catalog.release(name), make_sample.sites(20))
    book = make_sample.write(held, tmp_path / "export.xlsx")
    rows = next(iter(held.values()))
    text = pd.DataFrame(rows[1:], columns=rows[0])
    text.to_csv(tmp_path / "export.csv", index=False)
    release = catalog.Release("findtreatment", "mine", file="export", survey_year=2023)
    one, other = (listing.read_release(release, path) for path in (book, tmp_path / "export.csv"))
    pd.testing.assert_frame_equal(one.facilities, other.facilities)
