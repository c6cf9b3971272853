package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.core.fit.Advice.Best;
import dev.vramcast.core.fit.Advice.Step;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.run.episode.Episode;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifeAdviceTest {

  private static final String EVALUATED =
      "--method lora --framework transformers --checkpointing full --micro-batch 1"
          + " --evaluation-batches 8 --evaluation-metrics true --evaluation-batch 8";

  private static final List<Gpu> CARDS =
      List.of(Fits.card("huge", 65536), Fits.card("middle", 12288), Fits.card("tiny", 512));

  private static Advice advice(long mebibytes, String flags) {
    FitEvaluator evaluator = Fits.evaluator(mebibytes);
    return Remedies.advise(evaluator, evaluator.check(Fits.job(flags)), CARDS);
  }

  private static Life life(FitCheck check) {
    return LifeEstimator.estimate(Fits.llama(), check.resolution(), check.memory());
  }

  @Test
  void where_an_evaluation_decides_it_is_changed_before_anything_is_rented() {
    FitEvaluator evaluator = Fits.evaluator(1536);
    FitCheck job = evaluator.check(Fits.job(EVALUATED));
    assertThat(job.memory().worst().peakEpisode()).isInstanceOf(Episode.Evaluation.class);

    Advice advice = Remedies.advise(evaluator, job, CARDS);

    assertThat(advice.alone())
        .extracting(step -> step.change().name())
        .contains("evaluation accumulation steps 1", "evaluation without metrics");
    assertThat(advice.best().kind()).isNotEqualTo(Best.Kind.NOTHING);
    assertThat(advice.best().steps())
        .extracting(step -> step.change().drawback())
        .containsOnly(Drawback.TIME);
    assertThat(advice.best().steps()).last().matches(step -> step.after().fits());
  }

  @Test
  void smaller_batches_of_an_evaluation_have_the_same_data() {
    FitCheck job = Fits.evaluator(1536).check(Fits.job(EVALUATED));

    assertThat(EvaluationRemedies.batch(job))
        .extracting(Change::name, Change::cost)
        .contains(tuple("evaluation batch 8 to 1", "the same data in 64 batches"));
  }

  @Test
  void what_an_evaluation_generates_is_halved_by_beams_and_by_tokens() {
    String searching =
        EVALUATED.replace("--evaluation-metrics true", "--evaluation-new-tokens 300")
            + " --evaluation-beams 5";
    FitCheck job = Fits.evaluator(1536).check(Fits.job(searching));

    assertThat(EvaluationRemedies.beams(job))
        .extracting(Change::name)
        .containsExactly("evaluation beams 5 to 2", "evaluation beams 5 to 1");
    assertThat(EvaluationRemedies.newTokens(job))
        .extracting(Change::name)
        .startsWith("evaluation tokens 300 to 150")
        .endsWith("evaluation tokens 300 to 1");
    assertThat(advice(1536, searching).alone())
        .extracting(step -> step.change().name())
        .anyMatch(name -> name.startsWith("evaluation beams 5 to "));
  }

  @Test
  void odd_batches_of_an_evaluation_are_halved_downwards_in_batches_that_hold_them_all() {
    String odd = EVALUATED.replace("--evaluation-batch 8", "--evaluation-batch 7");
    FitCheck job = Fits.evaluator(1536).check(Fits.job(odd));

    assertThat(EvaluationRemedies.batch(job))
        .extracting(Change::name, Change::cost)
        .containsExactly(
            tuple("evaluation batch 7 to 3", "the same data in 19 batches"),
            tuple("evaluation batch 7 to 1", "the same data in 56 batches"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method lora --framework unsloth --merge true --merge-device cpu --host-memory 2.18"
            + "|adapters merged file by file|79710208",
        "--method lora --framework trl --merge true --host-memory 2.18"
            + "|adapters not merged here|246648832",
        "--method full --framework trl --strategy fsdp1 --count 2 --saved-state full"
            + " --first-rank-loads false --model-dtype bf16 --precision bf16"
            + " --host-memory 4.45|checkpoints in shards|247500956",
        "--method lora --framework trl --loader-workers 64 --host-memory 2.5"
            + "|data loader workers 64 to 16|603979776",
        "--method full --framework trl --strategy zero3 --count 2 --offload optimizer,parameters"
            + " --host-memory 4.6|what is offloaded kept on the card|1176557568",
      })
  void where_the_machine_decides_each_change_saves_of_its_memory(
      String flags, String helps, long saved) {
    Advice advice = advice(16384, flags);

    assertThat(advice.alone()).extracting(step -> step.change().name()).contains(helps);
    assertThat(advice.alone())
        .filteredOn(step -> step.change().name().equals(helps))
        .extracting(Step::savedBytes)
        .containsExactly(saved);
    for (Step step : advice.alone()) {
      Shortage shortage = step.before().shortage().orElseThrow();
      assertThat(step.resource()).isEqualTo(Resource.HOST);
      assertThat(step.neededBytes())
          .isEqualTo(life(step.after()).hostBytes())
          .isLessThan(shortage.neededBytes());
      assertThat(step.change().card()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method full --framework transformers --tokens 100000000 --save-steps 100 --disk 2"
            + "|the last checkpoint alone is kept|checkpoints without optimizer states",
        "--method full --framework transformers --tokens 100000000 --save-steps 100 --disk 0.8"
            + "|checkpoints without optimizer states|a checkpoint at the end alone",
        "--method lora --framework unsloth --gguf q4_k_m --disk 0.35|GGUF in q8_0"
            + "|adapters not merged here",
      })
  void where_the_disk_decides_each_change_saves_of_it(String flags, String one, String two) {
    Advice advice = advice(16384, flags);

    assertThat(advice.alone()).extracting(step -> step.change().name()).contains(one, two);
    for (Step step : advice.alone()) {
      assertThat(step.resource()).isEqualTo(Resource.DISK);
      assertThat(step.neededBytes())
          .isEqualTo(life(step.after()).diskBytes())
          .isLessThan(step.before().shortage().orElseThrow().neededBytes());
    }
  }

  @Test
  void a_card_that_is_too_small_for_saving_alone_is_helped_by_how_it_saves() {
    String flags =
        "--method full --framework trl --strategy fsdp2 --count 8 --saved-state full --grad-accum 1"
            + " --saved-on-gpu true --checkpointing full --micro-batch 1 --sequence-length 128";
    long mebibytes = 300;
    while (Fits.evaluator(mebibytes).check(Fits.job(flags)).spareBytes() < 0) {
      mebibytes += 50;
    }

    Advice advice = advice(mebibytes, flags);

    assertThat(advice.alone()).extracting(Step::resource).containsOnly(Resource.GPU);
    assertThat(advice.alone().get(0).before().shortage()).isPresent();
    assertThat(advice.alone())
        .extracting(step -> step.change().name())
        .contains("weights gathered in the machine's memory");
  }

  @Test
  void of_what_is_rented_the_cheapest_comes_first() {
    FitEvaluator evaluator = Fits.evaluator(1280);
    FitCheck job = evaluator.check(Fits.job("--method full --checkpointing full --micro-batch 1"));

    assertThat(rented(Remedies.advise(evaluator, job, CARDS, check -> dollars(check, 5))))
        .startsWith("on middle");
    assertThat(rented(Remedies.advise(evaluator, job, CARDS, check -> dollars(check, 0.25))))
        .endsWith("on middle");
    assertThat(rented(Remedies.advise(evaluator, job, CARDS))).startsWith("on middle");
  }

  private static OptionalDouble dollars(FitCheck check, double ofEach) {
    int gpus = check.resolution().job().parallelism().gpus();
    return OptionalDouble.of(gpus == 1 ? 4 : ofEach * gpus);
  }

  private static List<String> rented(Advice advice) {
    return advice.alone().stream()
        .map(Step::change)
        .filter(change -> change.drawback() == Drawback.MONEY)
        .map(Change::name)
        .toList();
  }
}
