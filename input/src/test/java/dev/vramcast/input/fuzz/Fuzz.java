package dev.vramcast.input.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has Jazzer look for inputs that targets cannot bear, led by what they reach and by what the
 * program compares them with.
 *
 * <p>{@code -Dvramcast.fuzz.inputs=N} is how many each target is given on its own, beside its
 * seeds; {@code -Dvramcast.fuzz.seed=N} where chance begins. {@code -Dvramcast.fuzz.report=FOLDER}
 * gets a file of each target with how many inputs were tried, and the short ones that reached
 * something new.
 */
public final class Fuzz {

  private static final String INPUTS = "vramcast.fuzz.inputs";

  private Fuzz() {}

  /** The files of a folder. */
  public static List<byte[]> files(Path folder) {
    try (var files = Files.walk(folder)) {
      List<byte[]> all = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        all.add(Files.readAllBytes(file));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives the targets their seeds and as many inputs that are made of them, beginning with the same
   * chance each time. Where Jazzer has nothing for this system, the seeds alone.
   *
   * @param inputs of all targets
   * @throws AssertionError with the input that shows a mistake
   */
  public static void holds(List<FuzzTarget> targets, int inputs) {
    int many = Integer.getInteger(INPUTS, 0);
    if (many > 0) {
      holdsForLong(targets, many);
      return;
    }
    within(
        folder -> {
          Jazzer.Outcome outcome =
              Jazzer.forAMoment(folder).run(targets, seed(), runs(targets, inputs));
          if (outcome.isMissing()) {
            bearTheirSeeds(targets);
          } else {
            check(outcome, targets);
          }
        });
  }

  /** Gives each target its seeds, in this process and without Jazzer. */
  static void bearTheirSeeds(List<FuzzTarget> targets) {
    within(
        folder -> {
          List<String> lines = targets.stream().map(Chosen::line).toList();
          Path list = Files.write(folder.resolve("targets"), lines);
          Chosen.fuzzerInitialize(new String[] {list.toString()});
        });
    for (int target = 0; target < targets.size(); target++) {
      for (byte[] seed : targets.get(target).seeds()) {
        try {
          Chosen.fuzzerTestOneInput(Chosen.chosen(target, seed));
        } catch (RuntimeException | Error e) {
          throw new AssertionError(targets.get(target).name() + ": " + shown(seed), e);
        }
      }
    }
  }

  /** So many beside the seeds, which count too. */
  private static String runs(List<FuzzTarget> targets, int inputs) {
    int seeds = targets.stream().mapToInt(target -> target.seeds().size()).sum();
    return "-runs=" + (seeds + inputs);
  }

  private static void holdsForLong(List<FuzzTarget> targets, int inputs) {
    List<AssertionError> mistakes = new ArrayList<>();
    String only = System.getProperty("vramcast.fuzz.target", "");
    for (FuzzTarget target : targets) {
      if (!only.isEmpty() && !only.equals(target.name())) {
        continue;
      }
      within(
          folder -> {
            Jazzer jazzer = Jazzer.forLong(folder);
            List<FuzzTarget> alone = List.of(target);
            Jazzer.Outcome outcome = jazzer.run(alone, seed(), runs(alone, inputs));
            Kept.report(target.name(), outcome.tried().orElse(0L), jazzer.foundInputs());
            // A mistake in one target does not keep the others from being tried.
            try {
              check(outcome, alone);
            } catch (AssertionError e) {
              mistakes.add(e);
            }
          });
    }
    if (!mistakes.isEmpty()) {
      AssertionError first = mistakes.get(0);
      mistakes.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private static String seed() {
    return "-seed=" + Long.getLong("vramcast.fuzz.seed", 1);
  }

  static void check(Jazzer.Outcome outcome, List<FuzzTarget> targets) {
    if (outcome.finding().isPresent()) {
      byte[] input = outcome.finding().get();
      String name =
          input.length == 0 ? "" : targets.get(Chosen.index(input, targets.size())).name();
      throw new AssertionError(
          name + ": " + shown(Chosen.given(input)) + "\n" + thrown(outcome.output()));
    }
    if (outcome.exit() != 0 || outcome.tried().isEmpty()) {
      throw new AssertionError("exit code " + outcome.exit() + ": " + outcome.output());
    }
  }

  private static String thrown(String output) {
    int start = output.indexOf("\n== ");
    int end = output.indexOf("DEDUP_TOKEN");
    return start < 0 || end < start ? output : output.substring(start + 1, end);
  }

  private static String shown(byte[] input) {
    return "input of "
        + input.length
        + " bytes, in base64 "
        + Base64.getEncoder().encodeToString(input)
        + ": "
        + new String(input, StandardCharsets.UTF_8);
  }

  interface Work {
    void in(Path folder) throws IOException;
  }

  static void within(Work work) {
    try {
      Path folder = Files.createTempDirectory("fuzz");
      try {
        work.in(folder);
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
