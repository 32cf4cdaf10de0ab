package proof

// rewordedAny are such edits of any document.
var rewordedAny = []textEdit{
	{"spaces that do not break, behind numbers", pattern(`(\d) ([a-z])`, "$1\u00a0$2")},
	{"tabs for indentation", everywhere("    ", "\t")},
	{"dots at the ends of lines", everywhere(".\n", "…\n")},
	{"changelog", atEnd("Changelog\n\nVersion 2.3 (2024-10-01): The default page size of conversations was raised from 10 to 20. Version 2.2 (2024-08-15): Added the human handoff event. Retries were limited to 3. Version 2.1: 5 endpoints were removed.")},
	{"changelog list", atEnd("Changelog\n\n  • 2024-10-01 - Faster exports, 30% less latency\n  • 2024-08-15 - New dashboard with 12 charts\n  • 2023-01-03 - First release, with 4 endpoints")},
	{"deprecation banner", atStart("⚠️ Version 0.9 of this API is deprecated and will be switched off on 31 December 2025. Version 1 will be supported for at least 24 months.")},
	{"FAQ", atEnd("FAQ\n\nHow long are conversations kept?\n\nWe keep them for 90 days; on the Business plan for 365 days.\n\nIs there a sandbox?\n\nYes. Ask support for one; it is set up within 2 working days.\n\nHow many seats do I get?\n\n5 on the free plan, 25 on Pro.")},
	{"SLA", atEnd("Service Level\n\nWe aim for 99.9% uptime each month, and answer support requests within 4 hours on weekdays (9:00 to 17:00 UTC). Planned maintenance takes at most 2 hours and is announced 7 days ahead.")},
	{"notes as quotes of Markdown", afterEachHeading("> **Note**: this section was reviewed on 2024-05-06 by 2 editors.")},
	{"admonitions", afterEachHeading("Tip: There are 3 ways to get help, and 12 tutorials that show you how.")},
	{"reading time", afterEachHeading("Reading time: 3 minutes. Last updated 14 March 2024 by Ann.")},
	{"back to top", afterEachHeading("Back to top")},
	{"colons in place of dashes", pattern(`(?m)^(- [A-Z][a-z ]+) - `, "$1: ")},
	{"bold first words", pattern(`(?m)^(\s*[•-] )(\w+)`, "$1**$2**")},

	{"form feeds between", everywhere("\n\n", "\n\f\n")},
	{"translation paragraph", atEnd("Zusammenfassung\n\nDiese Seite beschreibt die Schnittstelle in 5 Abschnitten. Anfragen gehen über HTTPS; es gibt 9 Endpunkte und 2 Ereignisse.")},
	{"comment lines", afterEachHeading("<!-- edited 2024-01-02, ticket 4711 -->")},
	{"edit link", afterEachHeading("Edit this page: https://github.com/example/docs/edit/main/api.md")},
	{"see also link", afterEachHeading("See also: https://www.example.com/blog/2024/05/webhooks-in-5-minutes")},
	{"the page as AsciiDoc", asciiDoc.written},
	{"the page with underlined headings, and bars between cells", underlined.written},
	{"the page as older HTML", asOtherHTML},
	{"the page as Markdown of another hand", asOtherMarkdown},
	{"no comma before and", pattern(`, and `, " and ")},
	{"an ampersand for and", pattern(` and `, " & ")},
}
