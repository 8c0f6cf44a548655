"""Where a number is from: its place by area code, and which area codes share one place.

Twilio knows the place of North American numbers from their area code; of others the country alone.
The table holds area codes of large cities. What it does not know is empty, as Twilio's own is at
times.
"""

from typing import NamedTuple


class Locality(NamedTuple):
    """A place in capitals, as Twilio writes it; what is not known is empty."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


AREAS = {
    "201": ("JERSEY CITY", "NJ", "07302"),
    "202": ("WASHINGTON", "DC", "20001"),
    "203": ("BRIDGEPORT", "CT", "06604"),
    "205": ("BIRMINGHAM", "AL", "35203"),
    "206": ("SEATTLE", "WA", "98101"),
    "212": ("NEW YORK", "NY", "10001"),
    "213": ("LOS ANGELES", "CA", "90012"),
    "214": ("DALLAS", "TX", "75201"),
    "215": ("PHILADELPHIA", "PA", "19103"),
    "216": ("CLEVELAND", "OH", "44113"),
    "303": ("DENVER", "CO", "80202"),
    "305": ("MIAMI", "FL", "33130"),
    "312": ("CHICAGO", "IL", "60601"),
    "313": ("DETROIT", "MI", "48226"),
    "314": ("SAINT LOUIS", "MO", "63101"),
    "317": ("INDIANAPOLIS", "IN", "46204"),
    "404": ("ATLANTA", "GA", "30303"),
    "405": ("OKLAHOMA CITY", "OK", "73102"),
    "407": ("ORLANDO", "FL", "32801"),
    "408": ("SAN JOSE", "CA", "95113"),
    "410": ("BALTIMORE", "MD", "21202"),
    "412": ("PITTSBURGH", "PA", "15222"),
    "414": ("MILWAUKEE", "WI", "53202"),
    "415": ("SAN FRANCISCO", "CA", "94103"),
    "416": ("TORONTO", "ON", ""),
    "480": ("SCOTTSDALE", "AZ", "85251"),
    "502": ("LOUISVILLE", "KY", "40202"),
    "503": ("PORTLAND", "OR", "97204"),
    "504": ("NEW ORLEANS", "LA", "70112"),
    "512": ("AUSTIN", "TX", "78701"),
    "513": ("CINCINNATI", "OH", "45202"),
    "514": ("MONTREAL", "QC", ""),
    "602": ("PHOENIX", "AZ", "85003"),
    "604": ("VANCOUVER", "BC", ""),
    "612": ("MINNEAPOLIS", "MN", "55401"),
    "614": ("COLUMBUS", "OH", "43215"),
    "615": ("NASHVILLE", "TN", "37203"),
    "617": ("BOSTON", "MA", "02108"),
    "619": ("SAN DIEGO", "CA", "92101"),
    "646": ("NEW YORK", "NY", "10001"),
    "650": ("PALO ALTO", "CA", "94301"),
    "702": ("LAS VEGAS", "NV", "89101"),
    "704": ("CHARLOTTE", "NC", "28202"),
    "713": ("HOUSTON", "TX", "77002"),
    "718": ("BROOKLYN", "NY", "11201"),
    "801": ("SALT LAKE CITY", "UT", "84101"),
    "813": ("TAMPA", "FL", "33602"),
    "816": ("KANSAS CITY", "MO", "64106"),
    "901": ("MEMPHIS", "TN", "38103"),
    "904": ("JACKSONVILLE", "FL", "32202"),
    "916": ("SACRAMENTO", "CA", "95814"),
    "919": ("RALEIGH", "NC", "27601"),
}


OVERLAYS = (
    "201/551 202/771 203/475 205/659 206/253/360/425/564 208/986 209/350 210/726 212/332/646/917 "
    "213/323/738 214/469/945/972 215/267/445 217/447 224/847 227/240/301 234/330 248/947 256/938 "
    "272/570 274/920 279/916 281/346/713/832 283/513 303/720/983 304/681 305/645/786 309/861 "
    "310/424 312/773/872 314/557 315/680 317/463 318/457 321/407/689 324/904 326/937 327/870 "
    "329/845 331/630 336/743 339/781 341/510 347/718/929 351/978 357/559 363/516 369/707 380/614 "
    "385/801 402/531 404/470/678/770/943 405/572 408/669 410/443/667 412/724/878 415/628 419/567 "
    "423/729 430/903 436/440 442/760 448/850 458/541 464/708 471/662 472/910 480/602/623 "
    "484/610/835 503/971 508/774 512/737 518/838 530/837 534/715 539/918 540/826 561/728 571/703 "
    "582/814 601/769 609/640 615/629 617/857 618/730 619/858 624/716 631/934 656/813 657/714 "
    "665/908 682/817 686/804 702/725 704/980 706/762 732/848 747/818 754/954 757/948 779/815 "
    "803/839 805/820 812/930 816/975 840/909 843/854 860/959 862/973 919/984 "
    "204/431/584 226/382/519/548 236/250/257/604/672/778 249/683/705 263/438/514 289/365/742/905 "
    "306/474/639 343/613/753 354/450/579 367/418/581 368/403/587/780/825 416/437/647/942 428/506 "
    "468/819/873 709/879 782/902"
)
"""Area codes of one place, as they were added when numbers ran short (NANPA's and CNA's lists)."""

_SHARED = {
    code: frozenset(codes.split("/")) for codes in OVERLAYS.split() for code in codes.split("/")
}


def area_codes(code: str) -> frozenset[str]:
    """The area codes of the place that has this one, itself among them."""
    return _SHARED.get(code, frozenset({code}))


def place_of(number: str, country: str | None) -> Locality:
    """Where `number` is from, given the country that the numbering plan knows."""
    if not number.startswith("+1"):
        return Locality(country=country or "")
    code = number[2:5]
    known = next((each for each in (code, *sorted(area_codes(code))) if each in AREAS), None)
    city, state, zip_code = AREAS[known] if known else ("", "", "")
    return Locality(city=city, state=state, zip=zip_code, country=country or "")
