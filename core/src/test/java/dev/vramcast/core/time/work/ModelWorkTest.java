package dev.vramcast.core.time.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.time.Times;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.OptimizerTraffic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelWorkTest {

  @Test
  void a_dense_model_multiplies_all_its_projections() {
    ModelWork work = work(Times.llama(), 512);

    assertThat(work)
        .isEqualTo(
            new ModelWork(
                2,
                1024,
                new ModelWork.Weights(22_544_384, 22_544_384, 0, 8_388_608),
                2.0 * 512 * 1024,
                2.0 * 1024,
                2.0 * 512,
                2.0 * (1024 + 2816),
                new ModelWork.Shapes(
                    2 * 8, 2 * (6_656 + 11_520), 2 * 7, 22_544_384, new ModelWork.Routed(0, 0))));
  }

  @Test
  void a_token_visits_its_experts_and_all_of_them_are_stored() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));
    ModelWork work = work(model, 512);

    double attention = 2.0 * (2 * 1024 * 1024 + 2 * 1024 * 256);
    double router = 2.0 * 8 * 1024;
    double expert = 3.0 * 1024 * 2816;
    assertThat(work.linear()).isEqualTo(attention + router + 2 * 2 * expert);
    assertThat(work.stored()).isEqualTo(attention + router + 2 * 8 * expert);
    assertThat(work.experts()).isEqualTo(2 * 8 * expert);
    assertThat(work.activations()).isEqualTo(2.0 * (1024 + 2 * 2816));
    assertThat(work.isMixtureOfExperts()).isTrue();
    assertThat(work.shapes().operands()).isEqualTo(2 * 6_656);
    assertThat(work.shapes().products()).isEqualTo(2 * (4 + 3));
    assertThat(work.shapes().matrices()).isEqualTo(attention + router);
    assertThat(work.shapes().routed()).isEqualTo(new ModelWork.Routed(2 * 2 * 1024, 2 * 2 * 2816));
  }

  @Test
  void each_matrix_of_a_stack_has_two_factors_where_its_parameter_has_an_adapter() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));
    String all = "mlp.experts.gate_up_proj,mlp.experts.down_proj";

    Trained trained =
        Trained.of(
            ModelProfile.of(model), Times.job("--rank 4 --targets '' --target-parameters " + all));

    double up = 1024 + 2 * 2816;
    double down = 2816 + 1024;
    assertThat(trained.total()).isEqualTo(2.0 * 8 * 4 * (up + down));
  }

  @Test
  void a_window_bounds_what_a_query_sees() {
    Architecture model = Times.model("mistral", Map.of("sliding_window", 128));

    double seen = 2 * 128 - 128.0 * 128 / 512;
    assertThat(work(model, 512).attention()).isEqualTo(2 * 1024 * seen);
    assertThat(work(model, 64).attention()).isEqualTo(2.0 * 1024 * 64);
  }

  @ParameterizedTest
  @CsvSource({
    "--method full, 3, 3, 0, 0, 0",
    "--method lora, 2, 2, 0, 0, 0",
    "--method qlora --checkpointing full, 2, 2, 1, 1, 1",
    "--method full --checkpointing selective, 3, 3, 0.5, 0, 1",
    "--method full --checkpointing selective --strategy megatron --count 2, 3, 3, 0, 1, 0",
    "--method lora --checkpointing offloaded --modules-to-save lm_head, 2, 3, 1, 1, 1",
    "--method galore, 3, 3, 0, 0, 0",
  })
  void passes_follow_from_what_is_trained(
      String flags, double linear, double head, double again, double attends, double others) {
    ResolvedJob job = Times.job(flags);
    Passes passes = Passes.of(RunPlan.of(job).step(), job, 2);

    assertThat(passes)
        .isEqualTo(
            new Passes(
                linear,
                head,
                new Passes.Recomputed(again, attends, others),
                0,
                job.adapter().isPresent()));
  }

  @Test
  void frozen_layers_only_run_forward() {
    ResolvedJob job = Times.job("--method freeze --checkpointing full");
    Passes passes = Passes.of(RunPlan.of(job).step(), job, 8);

    double share = job.trainableLayers().count() / 8.0;
    assertThat(share).isEqualTo(0.25);
    assertThat(passes)
        .isEqualTo(
            new Passes(1 + 2 * share, 2, new Passes.Recomputed(share, share, share), 0, false));
  }

  @Test
  void passes_without_a_graph_count_by_their_tokens() {
    ResolvedJob job = Times.job("--method full --checkpointing full");
    Pass trained = RunPlan.of(job).step().trained();
    PassBatch twice = new PassBatch(2 * trained.batch().sequences(), trained.batch().length());
    Pass reference = new Pass(ResidentModel.REFERENCE, false, twice, trained.head());
    Passes passes =
        Passes.of(new Episode.Step(List.of(trained, trained.withoutGraph(), reference)), job, 2);

    assertThat(passes).isEqualTo(new Passes(3, 3, Passes.Recomputed.ALL, 3, false));
    assertThat(passes.again()).isEqualTo(4);
  }

  @Test
  void trained_parameters_are_those_of_adapters_and_saved_modules() {
    assertThat(trained("--method full").total()).isEqualTo(39_326_720);
    assertThat(trained("--method lora --rank 8 --targets q_proj,down_proj").total())
        .isEqualTo(2 * 8 * (1024 + 1024 + 2816 + 1024));
    assertThat(trained("--method lora --rank 8 --targets q_proj --modules-to-save lm_head").total())
        .isEqualTo(2 * 8 * 2048 + 8192 * 1024);
    assertThat(trained("--method lora --rank 4").total())
        .isEqualTo(2 * 4 * (2 * 2048 + 2 * (1024 + 256) + 3 * (1024 + 2816)));
  }

  @ParameterizedTest
  @CsvSource({
    "--optimizer-implementation fused, 22",
    "--optimizer-implementation foreach, 66",
    "--optimizer-implementation foreach --framework llmq, 22",
    "--optimizer adamw-8bit, 10",
    "--optimizer none, 0",
    "--strategy fsdp2 --count 4 --optimizer-implementation fused, 5.5",
    "--strategy ddp --count 4 --optimizer-implementation fused, 22",
    "--strategy zero1 --count 4, 5.5",
    "--offload optimizer, 0",
  })
  void an_update_moves_bytes_for_each_parameter_that_a_gpu_owns(String flags, double bytes) {
    ResolvedJob job = Times.job("--method full " + flags);
    Layout layout = Layout.of(job, Times.card(), Links.of(Times.card(), false), 32);

    assertThat(OptimizerTraffic.bytes(job, layout, 1000, SpeedCoefficients.BEFORE))
        .isCloseTo(1000 * bytes, within(1e-6));
  }

  /** 28 bytes of 1,000 parameters at 109 and 19 GB/s, of two machines half on each. */
  @ParameterizedTest
  @CsvSource({
    "--strategy zero2 --count 2 --offload optimizer, 109, 1",
    "--strategy fsdp2 --count 2 --offload parameters --optimizer-implementation foreach, 19, 1",
    "--strategy zero3 --count 16 --offload optimizer, 109, 2",
    "--strategy fsdp2 --count 2 --offload parameters --optimizer-implementation fused, 109, 1",
    "'--strategy fsdp2 --count 2 --offload parameters --optimizer-implementation fused"
        + " --torch 2.3', 19, 1",
  })
  void an_update_on_the_cpu_goes_through_the_memory_of_each_machine(
      String flags, double bandwidth, int machines) {
    ResolvedJob job = Times.job("--method full " + flags);
    Layout layout = Layout.of(job, Times.card(), Links.of(Times.card(), false), 32);

    assertThat(OptimizerTraffic.hostSeconds(job, layout, 1000, SpeedCoefficients.BEFORE))
        .isCloseTo(28_000 / (bandwidth * 1e9) / machines, within(1e-12));
  }

  @Test
  void states_of_16_bits_are_half_the_bytes_of_a_fused_update_on_the_cpu() {
    ResolvedJob job =
        Times.job(
            "--method full --strategy fsdp2 --count 2 --offload parameters --precision bf16"
                + " --optimizer-implementation fused --framework pytorch");
    Layout layout = Layout.of(job, Times.card(), Links.of(Times.card(), false), 32);

    assertThat(OptimizerTraffic.hostSeconds(job, layout, 1000, SpeedCoefficients.BEFORE))
        .isCloseTo(14_000 / 109e9, within(1e-12));
  }

  @Test
  void trainers_in_cpp_bring_their_states_to_the_gpu() {
    ResolvedJob job = Times.job("--method full --framework llmq --offload optimizer");
    Layout layout = Layout.of(job, Times.card(), Links.of(Times.card(), false), 32);

    assertThat(OptimizerTraffic.hostSeconds(job, layout, 1000, SpeedCoefficients.BEFORE)).isZero();
  }

  private static Trained trained(String flags) {
    return Trained.of(ModelProfile.of(Times.llama()), Times.job(flags));
  }

  private static ModelWork work(Architecture architecture, long sequence) {
    return ModelWork.of(ModelProfile.of(architecture), sequence);
  }
}
