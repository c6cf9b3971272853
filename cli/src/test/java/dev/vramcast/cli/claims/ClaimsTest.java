package dev.vramcast.cli.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What others say in public of the memory that a job takes, beside this estimate of the same words.
 * A claim that lies beyond the range has an explanation, and one within it has none.
 */
@Tag("slow")
class ClaimsTest {

  private static final Path PAGE = Path.of("../docs/claims.md");
  private static final String START = "<!-- claims -->\n";
  private static final String END = "<!-- end of claims -->";
  private static final double GIB = 1L << 30;
  private static final double GB = 1e9;
  private static final int LEAST = 35;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A claim of a page, and the command that asks about the same job. */
  private record Claim(
      String who,
      String source,
      String read,
      String words,
      double size,
      String unit,
      String job,
      String explanation) {

    private static Claim of(String line) {
      String[] cells = line.split("\t", -1);
      return new Claim(
          cells[0],
          cells[1],
          cells[2],
          cells[3],
          Double.parseDouble(cells[4]),
          cells[5],
          cells[6],
          cells[7]);
    }

    private double bytes() {
      return size * (unit.equals("GB") ? GB : GIB);
    }
  }

  private static List<Claim> claims() throws IOException {
    try (InputStream in = ClaimsTest.class.getResourceAsStream("/dev/vramcast/cli/claims.tsv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(Claim::of).toList();
    }
  }

  @Test
  void every_claim_stands_beside_this_estimate_and_those_beyond_it_are_explained()
      throws IOException {
    List<Claim> claims = claims();
    assertThat(claims).hasSizeGreaterThanOrEqualTo(LEAST);
    List<String> lines = new ArrayList<>();
    lines.add("| claim | who | says | here | range | |");
    lines.add("|---|---|--:|--:|--:|---|");
    for (Claim claim : claims) {
      lines.add(row(claim));
    }
    String page = Files.readString(PAGE);
    int from = page.indexOf(START) + START.length();
    String actual =
        page.substring(0, from)
            + String.join("\n", lines)
            + "\n"
            + page.substring(page.indexOf(END));

    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(PAGE, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(PAGE));
  }

  private static String row(Claim claim) {
    List<String> words = new ArrayList<>(List.of("estimate", "--offline", "--format", "json"));
    words.addAll(List.of(claim.job().split(" ")));
    CliRun run = CliRun.of(words);
    assertThat(run.code()).as("%s: %s", claim.words(), run.err()).isZero();
    JsonNode memory = JSON.readTree(run.out()).get("memory");
    double low = memory.at("/ranges/needed/low_bytes").asDouble();
    double high = memory.at("/ranges/needed/high_bytes").asDouble();
    boolean within = claim.bytes() >= low && claim.bytes() <= high;
    assertThat(claim.explanation().isEmpty())
        .as(
            "%s %s: %.2f of %.2f to %.2f GiB",
            claim.who(), claim.words(), claim.bytes() / GIB, low / GIB, high / GIB)
        .isEqualTo(within);
    return String.format(
        Locale.ROOT,
        "| %s | [%s](%s) | %s %s | %.1f GiB | %.1f to %.1f | %s |",
        claim.words(),
        claim.who(),
        claim.source(),
        String.valueOf(claim.size()).replaceAll("\\.0$", ""),
        claim.unit(),
        memory.get("needed_bytes").asDouble() / GIB,
        low / GIB,
        high / GIB,
        within ? "within" : claim.explanation());
  }
}
