package dev.vramcast.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that open and then fail, as on a broken disk. */
@EnabledOnOs(OS.LINUX)
class UnreadableFilesTest {

  /** Opens as a file, and its first page is never there. */
  private static final Path FAILING = Path.of("/proc/self/mem");

  @TempDir Path folder;

  /** Columns: the file's name, and what is asked with it. */
  @ParameterizedTest
  @CsvSource({
    "job.yaml, fit FILE",
    "job.json, fit FILE",
    "axolotl.yml, fit FILE",
    "train.py, estimate FILE",
    "train.ipynb, estimate FILE",
    "train.sh, cost FILE",
    "config.toml, plan FILE",
    "axolotl.yml, lint FILE",
    "axolotl.yml, write FILE --to trl",
    "config.json, estimate --model-config FILE",
    "config.json, max --sequence --gpu T4 --model FILE",
    "data.jsonl, estimate --model llama-3.2-1b --data-file FILE",
    "trainer_state.json, calibrate --model llama-3.2-1b --run FILE",
    "snapshot.pickle, calibrate --model llama-3.2-1b --run FILE",
    "prices.csv, prices --list FILE",
    "prices.csv, cost --model llama-3.2-1b --tokens 1M --list FILE",
    "prices.csv, plan --model llama-3.2-1b --tokens 1M --list FILE",
    "corrections.ini, fit --model llama-3.2-1b --gpu T4 --corrections FILE",
    "spec.yaml, sweep FILE",
    "jobs.csv, sweep FILE",
    "cases.jsonl, validate FILE",
  })
  void a_file_that_fails_while_it_is_read_is_named_in_one_line(String name, String asked)
      throws IOException {
    Path file = Files.createSymbolicLink(folder.resolve(name), FAILING);
    List<String> args =
        Stream.of(asked.split(" ")).map(word -> word.replace("FILE", file.toString())).toList();

    CliRun run = CliRun.of(args);
    Files.delete(file);

    assertThat(run.err()).isEqualTo("vramcast: " + file + ": cannot be read: Input/output error\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(2);
  }
}
