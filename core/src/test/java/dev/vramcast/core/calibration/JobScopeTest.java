package dev.vramcast.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JobScopeTest {

  private static final JobScope SCOPE = new JobScope(Map.of("method", "lora"), 1000, 2048);

  @Test
  void it_covers_jobs_of_the_same_code_at_about_the_same_size() {
    assertThat(SCOPE.covers(SCOPE)).isTrue();
    assertThat(SCOPE.covers(new JobScope(Map.of("method", "lora"), 2000, 1024))).isTrue();
    assertThat(SCOPE.covers(new JobScope(Map.of("method", "lora"), 2001, 2048))).isFalse();
    assertThat(SCOPE.covers(new JobScope(Map.of("method", "lora"), 1000, 1023))).isFalse();
    assertThat(SCOPE.covers(new JobScope(Map.of("method", "full"), 1000, 2048))).isFalse();
  }

  @Test
  void of_several_corrections_the_latest_counts() {
    SavedCorrection old = saved("old", "2026-10-01", SCOPE);
    SavedCorrection latest = saved("latest", "2026-11-01", SCOPE);
    SavedCorrection other =
        saved("other", "2026-11-20", new JobScope(Map.of("method", "full"), 1000, 2048));

    assertThat(SavedCorrection.find(List.of(latest, old, other), SCOPE)).contains(latest);
    assertThat(SavedCorrection.find(List.of(other), SCOPE)).isEmpty();
  }

  private static SavedCorrection saved(String name, String date, JobScope scope) {
    Correction correction = new Correction(1, 1, 0, OptionalDouble.empty());
    return new SavedCorrection(name, "run", LocalDate.parse(date), "0.1.0", correction, scope);
  }
}
