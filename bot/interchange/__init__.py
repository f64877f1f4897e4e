"""Records in other people's formats: tables, FHIR, lines for a SIEM, and the papers of a breach."""
