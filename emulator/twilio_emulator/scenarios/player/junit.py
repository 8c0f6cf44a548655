"""Reports as JUnit XML, which CI servers show."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from twilio_emulator.scenarios.player.report import Report

_NOT_IN_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "�")


def junit(reports: Iterable[Report]) -> str:
    """One test case for each scenario."""
    cases = list(reports)
    suite = ET.Element(
        "testsuite",
        name="twilio-emulator",
        tests=str(len(cases)),
        failures=str(sum(not report.held for report in cases)),
        errors="0",
        skipped="0",
        time=f"{sum(report.seconds for report in cases):.3f}",
    )
    for report in cases:
        case = ET.SubElement(
            suite,
            "testcase",
            name=_text(report.scenario.title),
            classname=_text(report.scenario.file),
            file=_text(report.scenario.file),
            time=f"{report.seconds:.3f}",
        )
        if report.failure is not None:
            lines = [_text(line) for line in report.failure.lines()]
            failed = ET.SubElement(case, "failure", message=lines[1].strip())
            failed.text = "\n".join(lines)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{declaration}{ET.tostring(suites, encoding='unicode')}\n"


def _text(text: str) -> str:
    return text.translate(_NOT_IN_XML)
