package dev.vramcast.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plan's job, asked about alone, has the plan's figures: by the command that it prints and by the
 * document that it gives. Plans are random, the same in every build; {@code
 * -Dvramcast.property.seed} looks for others.
 */
@Tag("slow")
@Order(1)
class PlanAloneTest {

  private static final int PLANS = 12;
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final List<String> CARDS =
      List.of("RTX 4090", "A100-80GB", "H100 SXM", "L40S", "RTX 3090", "A100-40GB");
  private static final List<String> MODELS =
      List.of("qwen2.5-0.5b", "llama-3.2-1b", "smollm2-360m", "gemma-2-2b", "granite-3.0-3b-a800m");
  private static final List<String> FRAMEWORKS =
      List.of("", "", "--framework axolotl", "--framework unsloth", "--framework torchtune");
  private static final List<String> METHODS =
      List.of(
          "--method full",
          "--method lora",
          "--methods lora,qlora,full",
          "--method qlora",
          "--methods lora,full --lora-ranks 8,64");
  private static final List<String> MORE =
      List.of(
          "",
          "--by time",
          "--by cost",
          "--sequence-lengths 512,4096",
          "--budget 40 --deadline 3d",
          "--confidence 50 --deadline 2d",
          "--headroom 2GiB",
          "--min-global-batch 48",
          "--padding longest",
          "--spot");

  @TempDir private Path folder;

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  /** Machines of some cards, of which some say what connects them and how much memory they have. */
  private Path market(Random random) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "instance,gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,host_memory_gib,"
                + "network_gbits\n");
    for (int i = 0; i < 4; i++) {
      int count = 1 << random.nextInt(4);
      double price = count * (0.3 + 3 * random.nextDouble());
      text.append(
          "m%d,%s,%d,%.2f,%.2f,%s,%s\n"
              .formatted(
                  i,
                  any(CARDS, random),
                  count,
                  price,
                  price / 2,
                  random.nextBoolean() ? "512" : "",
                  random.nextBoolean() ? "100" : ""));
    }
    return Files.writeString(folder.resolve("market.csv"), text);
  }

  @Test
  void the_job_of_each_line_has_the_same_figures_alone() throws IOException {
    long seed = Long.getLong("vramcast.property.seed", 1);
    int lines = 0;
    for (int i = 0; i < PLANS; i++) {
      Random random = new Random(seed + i);
      String asked =
          String.join(
              " ",
              "plan --offline --format json --tokens 1e7 --as-of 2026-11-20 --model",
              any(MODELS, random),
              any(METHODS, random),
              any(FRAMEWORKS, random),
              any(MORE, random),
              random.nextInt(4) == 0 ? "--nodes 2" : "",
              "--list",
              market(random).toString());
      CliRun run = CliRun.of(words(asked));
      assertThat(run.code()).as("%s: %s", asked, run.err()).isIn(0, 2, 3);
      if (run.code() == 0) {
        for (JsonNode line : JSON.readTree(run.out()).get("lines")) {
          isTheSameAlone(asked, line);
          lines++;
        }
      }
    }
    assertThat(lines).isGreaterThan(PLANS);
  }

  private void isTheSameAlone(String asked, JsonNode line) throws IOException {
    String where = asked + " -> " + line.get("command").asString();
    List<String> flags = words(line.get("command").asString());
    flags.subList(0, 2).clear();
    Path job = Files.writeString(folder.resolve("job.json"), line.get("job").toString());
    String headroom = asked.contains("--headroom") ? "2GiB" : "0GiB";
    for (List<String> alone : List.of(flags, List.of(job.toString()))) {
      JsonNode memory = ask("fit", alone, "--headroom", headroom);
      JsonNode time = ask("estimate", alone).get("time");
      assertThat(memory.get("needed_bytes")).as(where).isEqualTo(line.get("needed_bytes"));
      assertThat(memory.get("verdict").asString()).as(where).isEqualTo("fits");
      assertThat(time.get("tokens_per_second").asDouble())
          .as(where)
          .isCloseTo(line.get("tokens_per_second").asDouble(), within(0.51));
      assertThat(time.at("/run/total_seconds").asDouble() / 3600)
          .as(where)
          .isCloseTo(line.get("hours_undisturbed").asDouble(), within(1e-5));
    }
  }

  private static JsonNode ask(String command, List<String> job, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--offline", "--format", "json"));
    words.addAll(job);
    words.addAll(List.of(more));
    CliRun run = CliRun.of(words);
    assertThat(run.code()).as("%s: %s", words, run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return words;
  }
}
