package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.LayerCode;
import org.junit.jupiter.api.Test;

class StatedFactsTest {

  /** A table over one says more of its own versions than that one of all. */
  @Test
  void what_versions_decide_is_not_known_of_all_whatever_the_table_below_says() {
    CodeKey<Boolean> key = LayerCode.HOLDS_STORED;
    FrameworkRules base = FrameworkRules.table("base").is(key, true, "base.py").done();
    FrameworkRules same = base.derive("same").done();
    FrameworkRules other = base.derive("other").does(key, "other.py", v -> true).done();

    assertThat(base.always(key)).isTrue();
    assertThat(same.always(key)).isTrue();
    assertThat(other.always(key)).isFalse();
    assertThat(other.derive("last").is(key, true, "last.py").done().always(key)).isTrue();
  }
}
