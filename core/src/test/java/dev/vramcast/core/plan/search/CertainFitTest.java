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
import org.junit.jupiter.api.Test;

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

  private static List<Setting> settings() {
    Choices choices = new Choices(List.of(Method.FULL, Method.LORA), OptionalInt.of(4));
    TrainingData data = TrainingData.of(JobResolver.resolve(JOB)).orElseThrow();
    return Settings.of(Markets.placed(Markets.llama(), 1), JOB, choices, data).legal();
  }
}
