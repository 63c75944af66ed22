"""The Azure regions that the estate uses: names in each spelling, data zone, hours from UTC."""

from typing import NamedTuple


class Region(NamedTuple):
    name: str
    arm: str
    display: str
    zone: str
    hours: int


_ALL = (
    Region("westeurope", "WestEurope", "West Europe", "EU", 1),
    Region("northeurope", "NorthEurope", "North Europe", "EU", 0),
    Region("swedencentral", "SwedenCentral", "Sweden Central", "EU", 1),
    Region("francecentral", "FranceCentral", "France Central", "EU", 1),
    Region("germanywestcentral", "GermanyWestCentral", "Germany West Central", "EU", 1),
    Region("switzerlandnorth", "SwitzerlandNorth", "Switzerland North", "", 1),
    Region("uksouth", "UKSouth", "UK South", "", 0),
    Region("eastus", "EastUS", "East US", "US", -5),
    Region("eastus2", "EastUS2", "East US 2", "US", -5),
    Region("westus", "WestUS", "West US", "US", -8),
    Region("westus3", "WestUS3", "West US 3", "US", -7),
    Region("northcentralus", "NorthCentralUS", "North Central US", "US", -6),
    Region("southcentralus", "SouthCentralUS", "South Central US", "US", -6),
    Region("canadaeast", "CanadaEast", "Canada East", "", -5),
    Region("japaneast", "JapanEast", "Japan East", "", 9),
    Region("australiaeast", "AustraliaEast", "Australia East", "", 10),
    Region("usgovvirginia", "USGovVirginia", "USGov Virginia", "US", -5),
    Region("chinaeast2", "ChinaEast2", "China East 2", "", 8),
)
REGIONS = {region.name: region for region in _ALL}


def plain(spelling: str) -> str:
    """Any spelling of a region, as its programmatic name."""
    return spelling.replace(" ", "").lower()


def region(spelling: str) -> Region | None:
    """The region of any spelling, or None."""
    return REGIONS.get(plain(spelling))
