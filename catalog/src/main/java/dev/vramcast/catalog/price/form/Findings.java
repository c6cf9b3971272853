package dev.vramcast.catalog.price.form;

import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import java.util.ArrayList;
import java.util.List;

/** Collects what an importer finds. */
public final class Findings {

  private final List<LocatedFinding> all = new ArrayList<>();

  /** A row that gives no offer. Costs no stack trace, since files may have very many of them. */
  static final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LocatedFinding found;

    Rejection(Finding finding, Place.Line place, Phrase detail) {
      super(finding.label(), null, false, false);
      this.found = new LocatedFinding(finding, place, detail);
    }
  }

  void add(Finding finding, Place.Line place, Object... detail) {
    all.add(new LocatedFinding(finding, place, Phrase.of(detail)));
  }

  void add(Rejection rejection) {
    all.add(rejection.found);
  }

  public List<LocatedFinding> all() {
    return List.copyOf(all);
  }
}
