package dev.vramcast.core.architecture.traits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.units.Version;
import org.junit.jupiter.api.Test;

class VersionsTest {

  @Test
  void the_first_release_is_in_and_the_last_bound_is_out() {
    Versions versions = Versions.until(5, 0).andSince(4, 54);

    assertThat(versions.contains(Version.parse("4.53.9"))).isFalse();
    assertThat(versions.contains(Version.parse("4.54.0"))).isTrue();
    assertThat(versions.contains(Version.parse("4.57.6"))).isTrue();
    assertThat(versions.contains(Version.parse("5.0.0"))).isFalse();
  }

  @Test
  void a_bound_may_be_a_patch_release() {
    Versions versions = Versions.until(new Version(4, 48, 3));

    assertThat(versions.contains(Version.parse("4.48.2"))).isTrue();
    assertThat(versions.contains(Version.parse("4.48.3"))).isFalse();
  }

  @Test
  void an_open_range_has_no_end() {
    assertThat(Versions.since(5, 0).contains(Version.of(99, 0))).isTrue();
    assertThat(Versions.ALL.contains(Version.of(0, 0))).isTrue();
    assertThat(Versions.NONE.contains(Version.of(0, 0))).isFalse();
  }
}
