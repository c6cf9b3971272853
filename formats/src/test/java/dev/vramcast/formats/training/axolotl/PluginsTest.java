package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.axolotl.AxolotlReaderTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[axolotl.integrations.liger.LigerPlugin]; false",
        "[axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin]; false",
        "[axolotl.integrations.rcca_tr.RCCATRPlugin]; true",
        "[{cls: mine.Plugin, source: 'https://host/repo.git'}]; true",
        "axolotl.integrations.kd.KDPlugin; false",
        "[]; false",
      })
  void one_that_is_none_of_axolotls_own_is_said(String plugins, boolean said) {
    Reading reading = with("plugins: " + plugins);

    assertThat(keys(reading, FindingCode.NOT_FOLLOWED).contains("plugins")).isEqualTo(said);
  }

  @Test
  void a_plugin_that_an_object_names_is_plugged_in() {
    Reading reading =
        with(
            "plugins: [{cls: axolotl.integrations.liger.LigerPlugin}]"
                + "~liger_fused_linear_cross_entropy: true");

    assertThat(value(reading, JobKey.LOSS)).hasToString("liger");
  }
}
