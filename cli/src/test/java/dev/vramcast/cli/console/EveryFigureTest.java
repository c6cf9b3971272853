package dev.vramcast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.calibrate.CalibrationRecord;
import dev.vramcast.answers.record.Key;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.record.Shape;
import dev.vramcast.answers.schema.AnswerSchemas;
import dev.vramcast.cli.CliRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People are told every component of an answer, as programs are, where they ask to be. */
@Tag("slow")
class EveryFigureTest {

  private static final String INPUTS = "src/test/resources/golden/inputs/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "estimate --offline --model llama-3.2-1b --method lora --gpu h100 --count 2 --tokens 1e7",
        "estimate --model gpt2 --method full --by-module --gpu rtx-4090",
        "estimate --model gpt2 --lengths p50=100,p95=500,max=1000 --examples 1000",
        "estimate --model gpt2 --stage masked-lm",
        "fit --model llama-3.1-8b --method full --gpu rtx-4090",
        "fit --model qwen2.5-0.5b --gpu rtx-4090",
        "fit --model llama-3.1-8b --method qlora --every-card",
        "max --batch --model llama-3.1-8b --method qlora --gpu rtx-4090",
        "max --model --method full --gpu rtx-4090",
        "plan --offline --model llama-3.2-1b --tokens 2e7 --gpu rtx-4090 --list "
            + INPUTS
            + "market.csv",
        "cost --params 8B --method qlora --tokens 1e8 --gpu h200 --interruptions-every 30min",
        "calibrate --offline --model gpt2 --method full --sequence-length 256 --gpu rtx-4090"
            + " --allocated 2.2GiB --device 3GiB",
        "lint " + INPUTS + "axolotl.yml",
        "guide",
        "gpus h100",
        "models gemma-2",
        "prices b200,mi300x --list market-2026-09,guide-2026-07",
      })
  void every_component_is_in_the_text_of_explain(String command) {
    List<String> words = List.of(command.split(" "));

    JsonNode json = JsonMapper.shared().readTree(run(words, "--format", "json"));
    String text = run(words, "--explain");

    Keys answer =
        Stream.concat(
                AnswerSchemas.records().all().values().stream(),
                Stream.of(Keys.of(CalibrationRecord.class)))
            .filter(Keys::isAnswer)
            .filter(keys -> keys.kind().orElseThrow().value().equals(json.path("kind").asString()))
            .findFirst()
            .orElseThrow();
    Shown shown = Shown.in(text);
    shown.check("", answer, List.of(json));
    assertThat(shown.missing).as(text).isEmpty();
  }

  @Test
  void a_name_counts_in_the_section_of_its_own_path_alone() {
    Shown shown =
        Shown.in(
            """
            Verdict
              reason  on the first screen

            Every figure
              kind  fit  What it is.
                         reason and more

            memory.episodes[]
            What a run consists of.
              name  step

            gpu
              low  1
            """);

    assertThat(shown.sections)
        .isEqualTo(
            Map.of("", Set.of("kind"), "memory.episodes[]", Set.of("name"), "gpu", Set.of("low")));
    assertThat(shown.isTitled("Verdict")).isTrue();
  }

  private static String run(List<String> words, String... more) {
    return CliRun.of(Stream.concat(words.stream(), Stream.of(more)).toList()).out();
  }

  private static void add(JsonNode value, Shape shape, List<JsonNode> held) {
    Shape inner = inner(shape);
    boolean many = inner instanceof Shape.Items || inner instanceof Shape.Table;
    if (many && value.isContainer()) {
      StreamSupport.stream(value.spliterator(), false).forEach(held::add);
    } else if (!value.isMissingNode() && !value.isNull()) {
      held.add(value);
    }
  }

  /** The records that a component holds; null where it holds none. */
  private static Shape.Whole whole(Shape shape) {
    Shape inner = inner(shape);
    if (inner instanceof Shape.Items items) {
      return whole(items.item());
    }
    if (inner instanceof Shape.Table table) {
      return whole(table.value());
    }
    return inner instanceof Shape.Whole whole ? whole : null;
  }

  private static Shape inner(Shape shape) {
    if (shape instanceof Shape.OrNull maybe) {
      return inner(maybe.shape());
    }
    return shape instanceof Shape.OrAbsent maybe ? inner(maybe.shape()) : shape;
  }

  /**
   * What a text has.
   *
   * @param sections the names behind its title "Every figure", by their path
   * @param missing what should have been there
   */
  private record Shown(String text, Map<String, Set<String>> sections, Set<String> missing) {

    private static final String START = "Every figure";
    private static final Pattern NAME = Pattern.compile(" {2}(\\w+)(?: .*)?");

    static Shown in(String text) {
      Map<String, Set<String>> sections = new HashMap<>();
      Set<String> names = null;
      boolean begins = true;
      for (String line : text.lines().toList()) {
        boolean isTitle = begins && !line.isBlank() && !line.startsWith(" ");
        if (isTitle && line.equals(START)) {
          names = sections.computeIfAbsent("", path -> new HashSet<>());
        } else if (isTitle && names != null) {
          names = sections.computeIfAbsent(line, path -> new HashSet<>());
        }
        Matcher name = NAME.matcher(line);
        if (names != null && name.matches()) {
          names.add(name.group(1));
        }
        begins = line.isBlank();
      }
      return new Shown(text, sections, new LinkedHashSet<>());
    }

    void check(String path, Keys keys, List<JsonNode> records) {
      keys.kind()
          .filter(
              kind ->
                  records.stream()
                      .anyMatch(each -> each.path(kind.key()).asString("").equals(kind.value())))
          .ifPresent(kind -> hold(path, kind.key()));
      for (Key key : keys.all()) {
        Shape.Whole whole = whole(key.shape());
        List<JsonNode> held = new ArrayList<>();
        records.forEach(record -> add(record.path(key.name()), key.shape(), held));
        boolean is = records.stream().anyMatch(record -> record.has(key.name()));
        if (whole != null && whole.isInline()) {
          whole.kinds().forEach(kind -> check(path, kind, records));
        } else if (key.shownAs().isPresent()) {
          String at = key.shownAs().get();
          if (!held.isEmpty() && !isTitled(at)) {
            hold(path, at);
          }
        } else if (whole != null && !held.isEmpty()) {
          String inner = (path.isEmpty() ? "" : path + ".") + key.name() + each(key.shape());
          whole.kinds().forEach(kind -> check(inner, kind, held));
        } else if (is) {
          hold(path, key.name());
        }
      }
    }

    private void hold(String path, String name) {
      if (!sections.getOrDefault(path, Set.of()).contains(name)) {
        missing.add(path + ": " + name);
      }
    }

    private boolean isTitled(String title) {
      return text.lines().anyMatch(title::equals);
    }

    private static String each(Shape shape) {
      Shape inner = inner(shape);
      return inner instanceof Shape.Items || inner instanceof Shape.Table ? "[]" : "";
    }
  }
}
