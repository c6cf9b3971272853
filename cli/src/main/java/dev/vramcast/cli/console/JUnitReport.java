package dev.vramcast.cli.console;

import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Verdicts as test results, in the XML that CI systems read (the format of Ant's junit task): a
 * verdict that fits is a test that passes, what is not modelled one that is skipped.
 *
 * @param cases at least one
 */
public record JUnitReport(List<Case> cases) {

  /**
   * A verdict.
   *
   * @param name the same from run to run
   * @param verdict empty where what decides is not known, which fails as what is not certain
   * @param lines what there is to say
   */
  public record Case(String name, Optional<Verdict> verdict, List<String> lines) {

    public Case {
      lines = List.copyOf(lines);
    }

    public Case(String name, Verdict verdict, List<String> lines) {
      this(name, Optional.of(verdict), lines);
    }

    private boolean fails() {
      return !is(Verdict.FITS) && !is(Verdict.NOT_MODELLED);
    }

    private boolean is(Verdict other) {
      return verdict.filter(other::equals).isPresent();
    }
  }

  public JUnitReport {
    cases = List.copyOf(cases);
  }

  /** The file. */
  public String xml() {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    long failures = cases.stream().filter(Case::fails).count();
    long skipped = cases.stream().filter(it -> it.is(Verdict.NOT_MODELLED)).count();
    xml.append("<testsuite name=\"vramcast fit\" tests=\"").append(cases.size());
    xml.append("\" failures=\"").append(failures);
    xml.append("\" errors=\"0\" skipped=\"").append(skipped).append("\">\n");
    cases.forEach(one -> add(one, xml));
    return xml.append("</testsuite>\n").toString();
  }

  private static void add(Case one, StringBuilder xml) {
    xml.append("  <testcase classname=\"vramcast.fit\" name=\"").append(escaped(one.name()));
    String text = escaped(String.join("\n", one.lines()));
    String words = escaped(one.verdict().map(Verdict::words).orElse("not known"));
    if (one.fails()) {
      xml.append("\">\n    <failure message=\"%s\" type=\"%s\">".formatted(words, words));
      xml.append(text).append("</failure>\n");
    } else if (one.is(Verdict.NOT_MODELLED)) {
      xml.append("\">\n    <skipped message=\"").append(text).append("\"/>\n");
    } else {
      xml.append("\">\n    <system-out>").append(text).append("</system-out>\n");
    }
    xml.append("  </testcase>\n");
  }

  /** Without what XML has no way to say. */
  private static String escaped(String text) {
    return text.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD]", "")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
