"""The way back from the list of sources to the text: which fact each source is reached again from."""


def mark_first(experience):
    """Mark the first citation of each source on this sheet and return the numbers of the sources that are cited.

    The roles come last: their table may be folded, and a link into what is folded leads nowhere in some browsers.
    """
    facts = [
        *experience.steps.all(),
        *experience.results.all(),
        *experience.difficulties.all(),
        *experience.money_lines.all(),
        *experience.quotes.all(),
    ]
    roles = experience.roles_held.all()
    sources = [fact.source for fact in facts]
    sources += [source for held in roles for source in (held.phase_source, held.source) if source]
    cited: set[int] = set()
    for source in sources:
        source.is_first_citation = source.position not in cited
        cited.add(source.position)
    return cited
