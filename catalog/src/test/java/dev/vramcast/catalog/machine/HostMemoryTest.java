package dev.vramcast.catalog.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostMemoryTest {

  private static final String ALL = "MemTotal:       16000000 kB\nMemFree: 1 kB\n";

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void without_a_control_group_a_machine_has_what_linux_has() throws IOException {
    write("proc/meminfo", ALL);
    assertThat(HostMemory.below(root)).contains(new HostMemory(16_384_000_000L, "/proc/meminfo"));
  }

  @Test
  void nothing_is_known_of_another_system() {
    assertThat(HostMemory.below(root)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0::/, memory.max, 4294967296, 4294967296",
    "0::/a/b, a/memory.max, 4294967296, 4294967296",
    "0::/a/b, a/b/memory.max, 1073741824, 1073741824",
    "0::/, memory.max, max, 16384000000",
    "0::/, memory.max, 99999999999999, 16384000000",
    "'9:cpu:/x\n7:memory:/job', memory/job/memory.limit_in_bytes, 2147483648, 2147483648",
    "7:memory:/, memory/memory.limit_in_bytes, 9223372036854771712, 16384000000",
    "0::/../../outside, memory.max, 4294967296, 16384000000",
  })
  void the_least_of_a_group_and_those_around_it_counts(
      String groups, String file, String limit, long bytes) throws IOException {
    write("proc/meminfo", ALL);
    write("proc/self/cgroup", groups + "\n");
    write("sys/fs/cgroup/" + file, limit + "\n");
    assertThat(HostMemory.below(root).orElseThrow().bytes()).isEqualTo(bytes);
  }

  @Test
  void the_file_that_says_so_is_named() throws IOException {
    write("proc/meminfo", ALL);
    write("proc/self/cgroup", "0::/a\n");
    write("sys/fs/cgroup/a/memory.max", "1048576\n");
    assertThat(HostMemory.below(root).orElseThrow().source())
        .isEqualTo("/sys/fs/cgroup/a/memory.max");
  }
}
