"""The words of which the labels and texts of generated records are made."""

from typing import Final

DEEDS: Final = (
    "Mentoring for newcomers",
    "Living library",
    "Language café",
    "Anti-rumour agents",
    "Neighbourhood mediators",
    "Welcome guide",
    "Intercultural festival",
    "Interfaith dialogue",
    "Diversity in hiring",
    "School of parents",
    "Community garden",
    "Sports across borders",
    "Council of residents",
    "Theatre of encounters",
    "Housing advice",
    "Training of civil servants",
    "Food from everywhere",
    "Young reporters",
    "Business start-up desk",
    "Women’s meeting place",
)
FRENCH_DEEDS: Final = (
    "Mentorat des nouveaux arrivants",
    "Bibliothèque vivante",
    "Café des langues",
    "Agents anti-rumeurs",
    "Médiateurs de quartier",
    "Guide d’accueil",
    "Festival interculturel",
    "Dialogue interreligieux",
    "Diversité dans le recrutement",
    "École des parents",
    "Jardin communautaire",
    "Sport sans frontières",
    "Conseil des habitants",
    "Théâtre des rencontres",
    "Conseil en logement",
    "Formation des agents publics",
    "Cuisines d’ailleurs",
    "Jeunes reporters",
    "Guichet pour créer son entreprise",
    "Lieu de rencontre des femmes",
)
BODIES: Final = (
    "Municipality",
    "Association for dialogue",
    "Integration service",
    "Neighbourhood council",
    "University institute",
    "Foundation for encounters",
    "City museum",
    "Chamber of crafts",
    "Primary school",
    "Local police",
    "Refugee council",
    "Youth centre",
    "Public library",
    "Housing agency",
)
GROUPS: Final = (
    "newcomers",
    "residents",
    "young people",
    "school pupils",
    "refugees",
    "civil servants",
    "women of migrant origin",
    "parents",
    "entrepreneurs",
    "elderly people",
)
UNITS: Final = ("persons", "participants", "events", "volunteers", "organisations", "families")
ABSTRACTS: Final = (
    (
        "In {place} residents of all origins meet for {deed}; the city pays for rooms, "
        "associations bring the people, and both look at the outcome once a year."
    ),
    (
        "{place} began {deed} after a survey had shown how little people of different origins met; "
        "it now runs in most neighbourhoods with volunteers from each."
    ),
    (
        "A programme of {place} that joins {deed} with advice on work, school and housing, planned "
        "together with those for whom it is meant."
    ),
    (
        "The city of {place} and its partners use {deed} to counter prejudice, and teach others "
        "how to do it; a handbook is free for all."
    ),
)
