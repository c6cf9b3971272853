package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

class TemplatesTest {

  @Test
  void a_template_is_asked_for_the_values_alone_that_decide() {
    Reading reading =
        of("a.yml", "base_model: x\noutput_dir: {{ out }}/run\nmicro_batch_size: {{ batch }}\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("a.yml:3:1: micro_batch_size is '{{ batch }}'");
    JobDocument flags = JobDocument.empty().withFlag(JobKey.MICRO_BATCH, "4");
    assertThat(reading.under(flags).value(JobKey.MICRO_BATCH, Integer.class)).contains(4);
  }

  @Test
  void values_from_outside_are_refused_unless_a_flag_replaces_them() {
    Reading reading = of("a.yml", "base_model: x\nmicro_batch_size: \"{{ batch }}\"\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a.yml:2:1: micro_batch_size is '{{ batch }}', which is filled in from outside the"
                + " file; write the value out; batch.micro_batch replaces it");
    JobDocument flags = JobDocument.empty().withFlag(JobKey.MICRO_BATCH, "4");
    assertThat(reading.under(flags).value(JobKey.MICRO_BATCH, Integer.class)).contains(4);
  }
}
