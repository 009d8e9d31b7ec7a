"""Lists of sites: tables, shapes in any coordinates, addresses alone; what cannot be a point is counted."""

import geopandas
import pandas as pd
import pytest

from iop_analysis.errors import DataError
from iop_analysis.places.sites import read_sites


def write(tmp_path, text, name="sites.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def shapes(crs="EPSG:4326"):
    points = geopandas.points_from_xy([-104.95, -74.17], [39.71, 40.735])
    table = pd.DataFrame(
        {"facility_id": ["A1", "B2"], "Program Name": ["Alder Care", "Birch Care"], "state": "Colorado"}
    )
    return geopandas.GeoDataFrame(table, geometry=points, crs="EPSG:4326").to_crs(crs)


def test_sites_without_a_point_stay_and_get_a_number_where_they_have_no_identifier(tmp_path):
    text = "name,address,zip,lat,lon\nCedar Clinic,1 Elm St,7030,40.7,-74.0\nOak Clinic,,07030,,\n"
    sites = read_sites(write(tmp_path, text))
    assert sites["facility_id"].tolist() == ["1", "2"]
    assert sites["latitude"].isna().tolist() == [False, True]
    assert sites["city"].tolist() == ["", ""]


def test_a_list_in_an_old_encoding_whose_ids_are_names_is_read(tmp_path):
    rows = "Caf\xe9,1 A St,B,MD,20602,38.5,-76.9\nCaf\xe9,2 A St,B,MD,20602,38.6,-76.9\n"
    text = "ID,ADDRESS,CITY,STATE,POSTAL,Latitude,Longitude\n" + rows
    sites = read_sites(write(tmp_path, text, encoding="latin-1"))
    assert sites["name"].tolist() == ["Caf\xe9", "Caf\xe9"]
    assert sites["facility_id"].tolist() == ["1", "2"]


def test_a_publishers_identifier_that_stands_there_twice_is_refused(tmp_path):
    text = "frid,latitude,longitude\na,40,-105\na,41,-105\n"
    with pytest.raises(DataError, match="row 3, column 'frid': 'a' stands there twice"):
        read_sites(write(tmp_path, text))


def test_a_list_with_addresses_alone_is_taken(tmp_path):
    text = "Program Name,Street,City,State,Zipcode\nElder House,5 Oak St,Trenton,New Jersey,08608\n"
    sites = read_sites(write(tmp_path, text))
    assert sites[["name", "street", "state", "zip"]].iloc[0].tolist() == ["Elder House", "5 Oak St", "NJ", "08608"]
    assert sites["latitude"].isna().all()


def test_a_list_that_says_nowhere_where_a_site_is_stops_with_the_headings_it_looked_for(tmp_path):
    with pytest.raises(DataError, match="no column for latitude, longitude: latitude may be written"):
        read_sites(write(tmp_path, "name,phone\nElder House,555-0100\n"))


@pytest.mark.parametrize("point", ["0,0", "-74.2,40.7", "north,west", "40.7,", "400,-74"])
def test_a_point_that_can_be_none_becomes_missing_and_is_counted(tmp_path, point):
    sites = read_sites(write(tmp_path, f"name,lat,lon\nAlder,{point}\nBirch,40.7,-74.2\n"))
    assert sites["latitude"].isna().tolist() == [True, False]
    assert sites["longitude"].isna().tolist() == [True, False]
    assert "1 of 2 sites have a point that is none" in sites.attrs["notes"][0]


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp", "parquet"])
def test_every_format_of_shapes_gives_the_same_sites(tmp_path, ending):
    path = tmp_path / f"sites.{ending}"
    identifier = "facility_i" if ending == "shp" else "facility_id"  # a Shapefile has ten characters for a heading
    table = shapes().rename(columns={"Program Name": "name", "facility_id": identifier})
    table.to_parquet(path) if ending == "parquet" else table.to_file(path)
    sites = read_sites(path)
    assert sites["facility_id"].tolist() == ["A1", "B2"]
    assert sites["name"].tolist() == ["Alder Care", "Birch Care"]
    assert sites["state"].tolist() == ["CO", "CO"]
    assert sites[["latitude", "longitude"]].round(6).values.tolist() == [[39.71, -104.95], [40.735, -74.17]]
    assert sites.attrs["notes"] == []


def test_coordinates_that_are_no_degrees_are_turned_into_degrees_and_said(tmp_path):
    path = tmp_path / "sites.gpkg"
    shapes("EPSG:5070").to_file(path)
    sites = read_sites(path)
    assert sites["latitude"].round(4).tolist() == [39.71, 40.735]
    assert "turned into degrees" in sites.attrs["notes"][0]


def test_an_area_stands_for_a_point_inside_it_and_is_counted(tmp_path):
    path = tmp_path / "sites.gpkg"
    table = shapes("EPSG:5070")
    table.geometry = table.geometry.buffer(500)
    table.to_file(path)
    sites = read_sites(path)
    assert sites["latitude"].round(1).tolist() == [39.7, 40.7]
    assert "2 of 2 places are no points" in sites.attrs["notes"][0]


def test_a_file_that_is_no_list_of_places_stops_with_one_sentence(tmp_path):
    for name in ("sites.geojson", "sites.gpkg", "sites.shp"):
        with pytest.raises(DataError, match=name):
            read_sites(write(tmp_path, "no such thing", name))
