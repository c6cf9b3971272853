package dev.vramcast.input.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Jazzer in a process of its own, since it changes classes as they are loaded and ends the process
 * that it runs in.
 *
 * @param folder what it reads and writes
 * @param jvm options of its virtual machine
 */
record Jazzer(Path folder, List<String> jvm) {

  private static final int LONGEST = 1 << 14;

  /** For one input, the first of which changes all classes: minutes on a busy machine. */
  private static final int PATIENCE_SECONDS = 1_200;

  /** For all inputs, on a busy machine. */
  private static final int MOST_SECONDS = 24 * 60 * 60;

  /** Classes whose way is followed. */
  private static final String CHANGED = "dev.vramcast.**:tools.jackson.**:org.snakeyaml.**";

  private static final List<String> LASTING =
      List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:+EnableDynamicAgentLoading");

  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in");
  private static final Pattern FINDING = Pattern.compile("(crash|leak|oom|timeout)-.*");

  /** Words that inputs are made of, beside those that the program compares them with. */
  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "-1",
          "1e999999999",
          "9223372036854775808",
          ".nan",
          "\"",
          "\n",
          "\t",
          "- ",
          "--",
          "$(",
          "${a}",
          "{{",
          "!x ",
          "&a ",
          "*a",
          "<<",
          "\u0000",
          "\u2028",
          "\ud83d\ude00");

  static Jazzer forLong(Path folder) {
    return new Jazzer(folder, LASTING);
  }

  /** For so few inputs that to compile well what reads them would take longer than they do. */
  static Jazzer forAMoment(Path folder) {
    List<String> jvm = new ArrayList<>(LASTING);
    jvm.add("-XX:TieredStopAtLevel=1");
    return new Jazzer(folder, jvm);
  }

  /**
   * What came of it.
   *
   * @param output what it said
   * @param finding the input that a target could not bear
   * @param tried how many inputs there were; none where it did not say
   */
  record Outcome(int exit, String output, Optional<byte[]> finding, Optional<Long> tried) {

    /** It has no part for this system in it. */
    boolean isMissing() {
      return exit != 0 && finding.isEmpty() && output.contains("UnsatisfiedLinkError");
    }
  }

  /** Where inputs that reached something new go. */
  Path found() {
    return folder.resolve("found");
  }

  /** Those inputs as targets were given them, without what chose the target. */
  List<byte[]> foundInputs() {
    return Fuzz.files(found()).stream()
        .filter(input -> input.length > 1)
        .map(Chosen::given)
        .toList();
  }

  /**
   * Gives targets their seeds and what is made of these.
   *
   * @param limits how long, as options of libFuzzer
   */
  Outcome run(List<FuzzTarget> targets, String... limits) {
    try {
      Path seeds = Files.createDirectories(folder.resolve("seeds"));
      Files.createDirectories(found());
      List<String> lines = targets.stream().map(Chosen::line).toList();
      Path list = Files.write(folder.resolve("targets"), lines);
      Path words = Files.writeString(folder.resolve("words"), dictionary());
      for (int target = 0; target < targets.size(); target++) {
        int number = 0;
        for (byte[] seed : targets.get(target).seeds()) {
          Path file = seeds.resolve("%03d-%04d".formatted(target, number++));
          Files.write(file, Chosen.chosen(target, seed));
        }
      }
      List<String> command = new ArrayList<>(List.of(java()));
      command.addAll(jvm);
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              "com.code_intelligence.jazzer.Jazzer",
              "--target_class=" + Chosen.class.getName(),
              "--target_args=" + list,
              "--instrumentation_includes=" + CHANGED,
              "--custom_hook_includes=" + CHANGED,
              "--reproducer_path=" + folder,
              "-artifact_prefix=" + folder + "/",
              "-dict=" + words,
              "-max_len=" + LONGEST,
              "-timeout=" + PATIENCE_SECONDS,
              // The heap has a bound of its own.
              "-rss_limit_mb=0"));
      command.addAll(List.of(limits));
      command.add(found().toString());
      command.add(seeds.toString());
      return run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome run(List<String> command) throws IOException {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      int exit = exit(process, said, MOST_SECONDS);
      String output = output(said);
      Matcher done = DONE.matcher(output);
      return new Outcome(
          exit,
          output,
          finding(),
          done.find() ? Optional.of(Long.valueOf(done.group(1))) : Optional.empty());
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * The exit code of a process, which is ended where it does not end by itself.
   *
   * @throws AssertionError with what it said, where it took longer
   */
  static int exit(Process process, Path said, long seconds) throws IOException {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    throw new AssertionError("not done within " + seconds + " s: " + output(said));
  }

  private static String output(Path said) throws IOException {
    return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
  }

  private Optional<byte[]> finding() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Optional<Path> first =
          files
              .filter(file -> FINDING.matcher(file.getFileName().toString()).matches())
              .findFirst();
      return first.isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(first.get()));
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String dictionary() {
    return WORDS.stream().map(Jazzer::entry).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String entry(String word) {
    StringBuilder entry = new StringBuilder("\"");
    for (byte each : word.getBytes(StandardCharsets.UTF_8)) {
      entry.append("\\x%02X".formatted(each));
    }
    return entry.append('"').toString();
  }
}
