package dev.vramcast.catalog.price.form;

import java.util.ArrayList;
import java.util.List;

/** Collects what an importer finds. */
public final class Findings {

  private final List<LocatedFinding> all = new ArrayList<>();

  /** A row that gives no offer. Costs no stack trace, since files may have very many of them. */
  static final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LocatedFinding found;

    Rejection(Finding finding, String place, String detail) {
      super(detail, null, false, false);
      this.found = new LocatedFinding(finding, place, detail);
    }
  }

  void add(Finding finding, String place, String detail) {
    all.add(new LocatedFinding(finding, place, detail));
  }

  void add(Rejection rejection) {
    all.add(rejection.found);
  }

  public List<LocatedFinding> all() {
    return List.copyOf(all);
  }
}
