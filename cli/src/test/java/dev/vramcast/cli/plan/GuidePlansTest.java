package dev.vramcast.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked examples of the guide as plans, in the page on plans. */
@Tag("slow")
class GuidePlansTest {

  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/plan.md");
  private static final Path GUIDE =
      ROOT.resolve("answers/src/main/resources/dev/vramcast/answers/guide/cost-examples.csv");
  private static final String START = "<!-- guide -->\n";
  private static final String END = "<!-- end of guide -->";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A row of the guide, and what it says of its job; of data that it does not state, example 2's.
   */
  private record Example(String id, String job) {}

  private static final List<Example> EXAMPLES =
      List.of(
          new Example(
              "1",
              "--model llama-3.1-8b --method qlora --rank 64 --examples 50000"
                  + " --tokens-per-example 512 --sequence-length 512 --epochs 2 --micro-batch 4"
                  + " --grad-accum 4"),
          new Example(
              "2a",
              "--model llama-3.3-70b --method qlora --rank 64 --examples 25000"
                  + " --tokens-per-example 512 --sequence-length 512 --epochs 1 --micro-batch 1"),
          new Example(
              "3",
              "--model llama-3.3-70b --method full --examples 100000 --tokens-per-example 512"
                  + " --sequence-length 512 --epochs 3 --micro-batch 2"),
          new Example(
              "4-low",
              "--model llama-3.3-70b --method lora --rank 64 --examples 25000"
                  + " --tokens-per-example 512 --sequence-length 512 --epochs 1"));

  @Test
  void the_plan_of_each_worked_example_stands_beside_the_guides() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(START) + START.length();
    int to = page.indexOf(END);
    String actual = page.substring(0, from) + table() + page.substring(to);

    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(PAGE, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(PAGE));
  }

  private static String table() throws IOException {
    Map<String, List<String>> guide =
        Files.readAllLines(GUIDE).stream()
            .skip(1)
            .map(line -> Arrays.asList(line.split(",", -1)))
            .collect(Collectors.toMap(cells -> cells.get(0), cells -> cells));
    List<String> lines = new ArrayList<>();
    lines.add("| example | the guide | planned on the guide's list | planned on the market |");
    lines.add("|---|---|---|---|");
    for (Example example : EXAMPLES) {
      List<String> cells = guide.get(example.id());
      lines.add(
          "| %s, %s of %s | %s × %s, %s h, $%s | %s | %s |"
              .formatted(
                  example.id().replaceAll("[^0-9].*", ""),
                  cells.get(2),
                  cells.get(1),
                  cells.get(5),
                  cells.get(4),
                  cells.get(11),
                  cells.get(13),
                  planned(example.job() + " --list guide-2026-07 --max-price-age any"),
                  planned(example.job() + " --list market-2026-09")));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String planned(String job) {
    CliRun run = CliRun.of(List.of(("plan --offline --format json --by cost " + job).split(" ")));
    assertThat(run.code()).as(run.err()).isIn(0, 3);
    JsonNode lines = JSON.readTree(run.out()).get("lines");
    if (lines.isEmpty()) {
      return "nothing fits";
    }
    JsonNode first = lines.get(0);
    JsonNode offer = first.get("offer");
    int nodes = first.get("nodes").asInt();
    return String.format(
        Locale.ROOT,
        "%s%d × %s of %s, %.1f h (%.1f to %.1f), $%.2f",
        nodes > 1 ? nodes + " × " : "",
        offer.get("count").asInt(),
        offer.get("gpu").asString(),
        offer.get("provider").asString(),
        first.get("hours").asDouble(),
        first.get("hours_low").asDouble(),
        first.get("hours_high").asDouble(),
        first.get("cost_usd").asDouble());
  }
}
