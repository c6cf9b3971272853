package dev.vramcast.core.plan.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.plan.Markets;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.plan.setting.Settings;
import dev.vramcast.core.time.work.TrainingData;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertainFitTest {

  private static final JobDocument JOB = Markets.job("--loss full --optimizer adamw");
  private static final FitEvaluator EVALUATOR = Markets.evaluator();

  @Test
  void a_setting_fits_where_the_full_check_says_so() {
    List<Setting> settings = settings();
    CertainFit memory = new CertainFit(EVALUATOR);
    long fitting = 0;
    for (Setting setting : settings) {
      for (long mebibytes = 900; mebibytes <= 1500; mebibytes += 100) {
        Gpu gpu = Markets.gpu("card of " + mebibytes, mebibytes, "9.0", 900, "none");
        boolean fits = EVALUATOR.on(gpu).check(setting.document(gpu)).fits();
        assertThat(memory.fits(setting, gpu)).isEqualTo(fits);
        fitting += fits ? 1 : 0;
      }
    }
    assertThat(fitting).isBetween(1L, settings.size() * 7L - 1);
  }

  @Test
  void what_the_full_check_refutes_is_remembered() {
    Setting setting = settings().get(0);
    Gpu gpu = Markets.gpu("large", 8192, "9.0", 900, "none");
    CertainFit memory = new CertainFit(EVALUATOR);
    assertThat(memory.fits(setting, gpu)).isTrue();

    memory.refute(setting, gpu);

    assertThat(memory.fits(setting, gpu)).isFalse();
    assertThat(memory.fits(setting, Markets.gpu("other", 8192, "9.0", 900, "none"))).isTrue();
  }

  /** Some frameworks divide their work by what a card has left, or load by it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--framework unsloth",
        "--framework unsloth --sequence-length 8192",
        "--framework trl --transformers 4.55",
        "--framework trl",
        "--framework axolotl",
        "--framework llama-factory"
      })
  void a_tight_card_is_asked_by_itself_whatever_other_cards_of_its_generation_say(String flags) {
    JobDocument job = Markets.job("--optimizer adamw " + flags);
    Random random = new Random(1);
    for (Method method : List.of(Method.LORA, Method.QLORA)) {
      for (Setting setting : settings(job, List.of(method))) {
        CertainFit memory = new CertainFit(EVALUATOR);
        Gpu large = card(80_000);
        memory.fits(setting, large);
        long needed = EVALUATOR.on(large).check(setting.document(large)).range().highBytes() >> 20;
        for (int asked = 0; asked < 12; asked++) {
          Gpu tight = card(needed * (88 + random.nextInt(15)) / 100);
          boolean fits = EVALUATOR.on(tight).check(setting.document(tight)).fits();
          assertThat(memory.fits(setting, tight)).as(tight.name()).isEqualTo(fits);
        }
      }
    }
  }

  private static Gpu card(long mebibytes) {
    return Markets.gpu("card of " + mebibytes, mebibytes, "9.0", 900, "none");
  }

  private static List<Setting> settings() {
    return settings(JOB, List.of(Method.FULL, Method.LORA));
  }

  private static List<Setting> settings(JobDocument job, List<Method> methods) {
    Choices choices = new Choices(methods, OptionalInt.of(4));
    TrainingData data = TrainingData.of(JobResolver.resolve(job)).orElseThrow();
    return Settings.of(Markets.placed(Markets.llama(), 1), job, choices, data).legal();
  }
}
