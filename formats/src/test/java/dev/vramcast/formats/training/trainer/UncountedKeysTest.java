package dev.vramcast.formats.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that change what a step takes, and are in no job. */
class UncountedKeysTest {

  private static final String AXOLOTL = "base_model: a/b\nsequence_len: 64\nmicro_batch_size: 1\n";
  private static final String FACTORY =
      "model_name_or_path: a/b\nstage: sft\ndo_train: true\nfinetuning_type: full\n"
          + "cutoff_len: 64\n";
  private static final String NEMO =
      "defaults: sft.yaml\nsft: {}\ncluster: {gpus_per_node: 1}\npolicy:\n  model_name: a/b\n  ";
  private static final String VERL =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b actor_rollout_ref.";
  private static final String OPENRLHF =
      "python -m openrlhf.cli.train_kd --pretrain a/b --teacher_model a/c --max_len 64 ";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "axolotl; flash_attn_cross_entropy: true; flash_attn_cross_entropy",
        "axolotl; flash_attn_fuse_mlp: true; flash_attn_fuse_mlp",
        "axolotl; deepcompile: true; deepcompile",
        "axolotl; nonexpert_quantization: nf4; nonexpert_quantization",
        "axolotl; auto_find_batch_size: true; auto_find_batch_size",
        "axolotl; dpo_use_liger_kernel: true; dpo_use_liger_kernel",
        "llama-factory; use_v1_kernels: true; use_v1_kernels",
        "nemo-rl; megatron_cfg: {use_linear_ce_fusion_loss: true};"
            + " policy.megatron_cfg.use_linear_ce_fusion_loss",
        "nemo-rl; megatron_cfg: {freeze_vision_model: true};"
            + " policy.megatron_cfg.freeze_vision_model",
        "nemo-rl; megatron_cfg: {mtp_num_layers: 1}; policy.megatron_cfg.mtp_num_layers",
        "nemo-rl; megatron_cfg: {distributed_data_parallel_config: {use_custom_fsdp: true}};"
            + " policy.megatron_cfg.distributed_data_parallel_config.use_custom_fsdp",
        "nemo-rl; hf_config_overrides: {num_hidden_layers: 2};"
            + " policy.hf_config_overrides.num_hidden_layers",
        "nemo-rl; megatron_cfg: {optimizer: {use_precision_aware_optimizer: true}};"
            + " policy.megatron_cfg.optimizer.use_precision_aware_optimizer",
        "verl; actor.megatron.use_megatron_fsdp=True;"
            + " actor_rollout_ref.actor.megatron.use_megatron_fsdp",
        "verl; actor.optim.override_optimizer_config.use_precision_aware_optimizer=True;"
            + " actor_rollout_ref.actor.optim.override_optimizer_config"
            + ".use_precision_aware_opti...",
        "openrlhf; --teacher_offload; teacher_offload",
        "openrlhf; --torch_compile; torch_compile",
      })
  void what_a_job_does_not_hold_is_said_not_to_be_counted(String format, String line, String key) {
    String text =
        switch (format) {
          case "axolotl" -> AXOLOTL + line + "\n";
          case "llama-factory" -> FACTORY + line + "\n";
          case "nemo-rl" -> NEMO + line + "\n";
          case "verl" -> VERL + line + "\n";
          default -> OPENRLHF + line + "\n";
        };
    boolean command = format.equals("verl") || format.equals("openrlhf");

    Reading reading = Readings.of(command ? "run.sh" : "job.yaml", text);
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).contains(key);
  }
}
