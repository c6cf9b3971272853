package dev.vramcast.validation.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ReplayProofTest {

  /** {@code AllocatorProof replays 0 100000} holds a hundred thousand. */
  @Test
  void replays_of_random_jobs_go_as_replays_in_full() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ReplayProof.hold(0, 100, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("100 jobs, 0 differ");
  }
}
