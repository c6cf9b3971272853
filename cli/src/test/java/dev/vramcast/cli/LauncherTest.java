package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a machine that lacks what it needs; building itself takes too long for here. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final List<String> TOOLS =
      List.of("dirname", "find", "head", "ln", "mkdir", "readlink", "rm", "tr");

  @TempDir private Path folder;
  private Path tools;
  private Path launcher;

  /** What the launcher printed on both outputs, and its exit code. */
  private record Result(int code, String output) {}

  @BeforeEach
  void copy_launcher_and_the_tools_it_uses() throws IOException {
    tools = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Optional<Path> found =
          Stream.of("/usr/bin", "/bin")
              .map(place -> Path.of(place, tool))
              .filter(Files::isExecutable)
              .findFirst();
      Path wrapper = tools.resolve(tool);
      Files.writeString(wrapper, "#!/bin/sh\nexec " + found.orElseThrow() + " \"$@\"\n");
      assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }
    Path home = Files.createDirectory(folder.resolve("a home"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    launcher = Files.copy(Path.of("../vramcast"), home.resolve("vramcast"));
  }

  @Test
  void without_java_it_says_so_in_one_line() throws Exception {
    assertThat(run(launcher, Optional.empty()))
        .isEqualTo(new Result(2, "vramcast: needs a JDK 17 or newer, found no java\n"));
  }

  @Test
  void without_maven_it_says_so_in_one_line() throws Exception {
    assertThat(run(launcher, Optional.of(System.getProperty("java.home"))))
        .isEqualTo(new Result(2, "vramcast: needs Maven to build itself, found no mvn\n"));
    assertThat(folder.resolve("a home/target/launcher/lock")).doesNotExist();
  }

  @Test
  void it_finds_its_home_behind_symbolic_links() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../a home/vramcast"));
    Path second = Files.createSymbolicLink(elsewhere.resolve("two"), link.toAbsolutePath());

    run(second, Optional.of(System.getProperty("java.home")));

    assertThat(folder.resolve("a home/target/launcher")).isDirectory();
    assertThat(folder.resolve("elsewhere/target")).doesNotExist();
  }

  @Test
  void every_class_it_runs_is_there() throws Exception {
    Matcher names =
        Pattern.compile("dev\\.vramcast\\.cli\\.\\w+").matcher(Files.readString(launcher));

    assertThat(names.results().map(MatchResult::group).distinct())
        .hasSize(2)
        .allSatisfy(name -> assertThat(Class.forName(name)).hasDeclaredMethods("main"));
  }

  private Result run(Path script, Optional<String> javaHome)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString(), "--version");
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    javaHome.ifPresent(java -> builder.environment().put("JAVA_HOME", java));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
