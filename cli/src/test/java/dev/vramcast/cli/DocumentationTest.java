package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documents show is what the program does; rewritten as the golden files are. */
@Tag("slow")
class DocumentationTest {

  private static final Path ROOT = Path.of("..");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");
  private static final Pattern SHOWN_RUN =
      Pattern.compile("```console\n\\$ \\./vramcast (.+)\n((?s:.*?))```");
  private static final Pattern SHOWN_SECTION =
      Pattern.compile("```console\n\\$ \\./vramcast (.+)\n\\.\\.\\.\n(.+)\n(?s:.*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
  private static final String KEYS_START = "<!-- keys -->\n";
  private static final String KEYS_END = "<!-- end of keys -->\n";
  private static final String FIRST_SIGHT_START = "<!-- first sight -->\n";
  private static final String FIRST_SIGHT_END = "<!-- end of first sight -->\n";
  private static final String SOURCES_START = "<!-- sources -->\n";
  private static final String SOURCES_END = "<!-- end of sources -->\n";
  private static final String ISSUES_START = "<!-- issues -->\n";
  private static final String ISSUES_END = "<!-- end of issues -->";
  private static final double GIB = 1L << 30;
  private static final String ACCURACY_START = "<!-- accuracy -->\n";
  private static final String ACCURACY_END = "<!-- end of accuracy -->\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/calibrate.md",
        "docs/cost.md",
        "docs/generation.md",
        "docs/plan.md",
        "docs/prices.md"
      })
  void shown_output_is_what_the_command_prints(String page) throws IOException {
    String text = read(page);

    String actual = SHOWN_RUN.matcher(text).replaceAll(DocumentationTest::shownRun);

    check(page, actual);
    assertThat(SHOWN_RUN.matcher(text).results()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/data.md", "docs/whole-run.md"})
  void a_shown_section_is_that_of_the_output(String page) throws IOException {
    String text = read(page);

    String actual = SHOWN_SECTION.matcher(text).replaceAll(DocumentationTest::shownSection);

    check(page, actual);
    assertThat(SHOWN_SECTION.matcher(text).results()).isNotEmpty();
  }

  @Test
  void accuracy_in_the_readme_is_that_of_the_page_on_accuracy() throws IOException {
    List<String> rows =
        read("docs/accuracy.md")
            .lines()
            .filter(line -> line.matches("\\| .* \\| (yes|not yet) \\|"))
            .map(line -> line.split(" \\| "))
            .map(cell -> String.join(" | ", Arrays.copyOf(cell, 5)) + " |\n")
            .toList();

    assertThat(rows).isNotEmpty();
    String table =
        "| held against | cases | median error | p90 | p95 |\n|---|--:|--:|--:|--:|\n"
            + String.join("", rows);
    check("README.md", between(read("README.md"), ACCURACY_START, ACCURACY_END, table));
  }

  @Test
  void errors_at_first_sight_in_the_readme_are_those_of_the_page_on_accuracy() throws IOException {
    String table = firstSight().map(line -> line + "\n").collect(Collectors.joining());

    assertThat(table).isNotEmpty();
    check("README.md", between(read("README.md"), FIRST_SIGHT_START, FIRST_SIGHT_END, table));
  }

  @Test
  void the_readme_opens_with_the_errors_at_first_sight() throws IOException {
    List<String[]> samples =
        firstSight()
            .skip(2)
            .map(line -> line.split(" \\| "))
            .filter(cells -> cells[2].matches("\\d+"))
            .toList();

    assertThat(read("README.md").replaceAll("\\s+", " "))
        .contains(
            "met %d real runs unseen, in %d samples: of a sample half were estimated within %s,"
                    .formatted(total(samples, 2), samples.size(), span(samples, 3))
                + " one in ten was off by %s or more, and %s were over 5 %% too low"
                    .formatted(span(samples, 4), span(samples, 5)));
  }

  /** Lines of the table of samples, the newest last. */
  private static Stream<String> firstSight() throws IOException {
    return read("docs/accuracy.md")
        .lines()
        .dropWhile(line -> !line.equals("## At first sight"))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"));
  }

  /** From the least to the most that samples have in a cell of percents. */
  private static String span(List<String[]> samples, int cell) {
    DoubleSummaryStatistics percents =
        samples.stream()
            .mapToDouble(cells -> Double.parseDouble(cells[cell].replace(" %", "")))
            .summaryStatistics();
    return String.format(Locale.ROOT, "%.0f to %.0f %%", percents.getMin(), percents.getMax());
  }

  @Test
  void runs_from_elsewhere_in_the_readme_are_sums_of_the_page_on_accuracy() throws IOException {
    List<String[]> sources =
        read("docs/accuracy.md")
            .lines()
            .dropWhile(line -> !line.equals("## Runs from elsewhere"))
            .dropWhile(line -> !line.startsWith("|---"))
            .skip(1)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split(" \\| "))
            .toList();

    assertThat(sources).isNotEmpty();
    String table =
        "| median error of a source | sources | cases | in range |\n|---|--:|--:|--:|\n"
            + sum("at most 1 %", sources, -1, 1)
            + sum("1 to 5 %", sources, 1, 5)
            + sum("5 to 10 %", sources, 5, 10)
            + sum("over 10 %", sources, 10, Double.MAX_VALUE)
            + sum("all", sources, -1, Double.MAX_VALUE);
    check("README.md", between(read("README.md"), SOURCES_START, SOURCES_END, table));
  }

  /** A row of those whose median, in percent, is above one bound and not above another. */
  private static String sum(String name, List<String[]> sources, double above, double most) {
    List<String[]> some =
        sources.stream()
            .filter(
                cells -> {
                  double median = Double.parseDouble(cells[2].replace(" %", ""));
                  return median > above && median <= most;
                })
            .toList();
    return "| %s | %d | %d | %d of %d |%n"
        .formatted(name, some.size(), total(some, 1), total(some, 6), total(some, 5));
  }

  private static int total(List<String[]> sources, int cell) {
    return sources.stream().mapToInt(cells -> Integer.parseInt(cells[cell])).sum();
  }

  @Test
  void every_key_of_the_job_document_is_listed() throws IOException {
    StringBuilder table = new StringBuilder("| key | flag | holds | without it | what it is |\n");
    table.append("|---|---|---|---|---|\n");
    for (JobKey key : JobKey.values()) {
      table.append(
          "| `%s` | `%s` | %s | %s | %s |%n"
              .formatted(
                  key.path(),
                  key.flag(),
                  key.kind().allowed().replace("|", "\\|"),
                  key.fallback().shown(),
                  key.description()));
    }
    String page = read("docs/job-document.md");
    check("docs/job-document.md", between(page, KEYS_START, KEYS_END, table.toString()));
  }

  @Test
  void issues_about_whole_runs_are_jobs_with_an_answer() throws IOException {
    List<String[]> issues =
        Files.readAllLines(Path.of("src/test/resources/dev/vramcast/cli/whole-run.tsv")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t"))
            .toList();
    StringBuilder table = new StringBuilder("| asked in | about | answer | machine | disk |\n");
    table.append("|---|---|---|--:|--:|\n");
    issues.forEach(issue -> table.append(answered(issue)));
    table.append("\n| asked in | `./vramcast estimate` |\n|---|---|\n");
    issues.forEach(issue -> table.append("| %s | `%s` |%n".formatted(issue[0], issue[2])));

    assertThat(issues).hasSizeGreaterThanOrEqualTo(20);
    String page = read("docs/whole-run.md");
    check("docs/whole-run.md", between(page, ISSUES_START, ISSUES_END, table.toString()));
  }

  private static String answered(String[] issue) {
    List<String> words = new ArrayList<>(List.of("estimate", "--format", "json"));
    words.addAll(List.of(issue[2].split(" ")));
    CliRun run = CliRun.of(words);
    assertThat(run.code()).as(issue[0] + ": " + run.err()).isZero();
    JsonNode answer = JsonMapper.shared().readTree(run.out());
    return "| %s | %s | %s | %.1f GiB | %.1f GiB |%n"
        .formatted(
            issue[0],
            issue[1],
            answer.get("summary").asString(),
            answer.at("/life/host_bytes").asLong() / GIB,
            answer.at("/life/disk_bytes").asLong() / GIB);
  }

  @Test
  void every_link_leads_to_a_file() throws IOException {
    List<Path> pages;
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      pages =
          Stream.concat(docs, Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve))
              .filter(path -> path.toString().endsWith(".md"))
              .toList();
    }
    for (Path page : pages) {
      List<String> links =
          LINK.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList();
      assertThat(links)
          .as(page.toString())
          .allMatch(link -> Files.exists(page.resolveSibling(link)));
    }
  }

  private static String shownRun(MatchResult shown) {
    CliRun run = CliRun.of(List.of(shown.group(1).split(" ")));
    assertThat(run.code()).as(shown.group(1)).isZero();
    return Matcher.quoteReplacement(
        "```console\n$ ./vramcast " + shown.group(1) + "\n" + run.out() + "```");
  }

  /** Of the output, the part from a title to the next blank line. */
  private static String shownSection(MatchResult shown) {
    CliRun run = CliRun.of(List.of(shown.group(1).split(" ")));
    String title = shown.group(2) + "\n";
    assertThat(run.out()).contains("\n" + title);
    String section = run.out().substring(run.out().indexOf("\n" + title) + 1).split("\n\n")[0];
    return Matcher.quoteReplacement(
        "```console\n$ ./vramcast " + shown.group(1) + "\n...\n" + section + "\n```");
  }

  private static String between(String text, String start, String end, String content) {
    assertThat(text).contains(start, end);
    return text.substring(0, text.indexOf(start) + start.length())
        + content
        + text.substring(text.indexOf(end));
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static void check(String file, String actual) throws IOException {
    if (REWRITE) {
      Files.writeString(ROOT.resolve(file), actual);
    }
    assertThat(actual).isEqualTo(read(file));
  }
}
