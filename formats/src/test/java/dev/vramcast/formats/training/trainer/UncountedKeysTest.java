package dev.vramcast.formats.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
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
        "axolotl; flash_attn_cross_entropy: true",
        "axolotl; flash_attn_fuse_mlp: true",
        "axolotl; deepcompile: true",
        "axolotl; nonexpert_quantization: nf4",
        "axolotl; auto_find_batch_size: true",
        "axolotl; dpo_use_liger_kernel: true",
        "llama-factory; use_v1_kernels: true",
        "nemo-rl; megatron_cfg: {use_linear_ce_fusion_loss: true}",
        "nemo-rl; megatron_cfg: {freeze_vision_model: true}",
        "nemo-rl; megatron_cfg: {mtp_num_layers: 1}",
        "nemo-rl; megatron_cfg: {distributed_data_parallel_config: {use_custom_fsdp: true}}",
        "nemo-rl; hf_config_overrides: {num_hidden_layers: 2}",
        "nemo-rl; megatron_cfg: {distributed_data_parallel_config: {grad_reduce_in_fp32: true}}",
        "verl; actor.megatron.use_megatron_fsdp=True",
        "verl; actor.optim.override_optimizer_config.use_precision_aware_optimizer=True",
        "openrlhf; --teacher_offload",
        "openrlhf; --torch_compile",
      })
  void what_a_job_does_not_hold_is_said_not_to_be_counted(String format, String line) {
    String last = line.replaceAll("^.*\\{|[:=][^{]*$|^--", "").replaceAll("^.*\\.", "").trim();
    String text =
        switch (format) {
          case "axolotl" -> AXOLOTL + line + "\n";
          case "llama-factory" -> FACTORY + line + "\n";
          case "nemo-rl" -> NEMO + line + "\n";
          case "verl" -> VERL + line + "\n";
          default -> OPENRLHF + line + "\n";
        };
    boolean command = format.equals("verl") || format.equals("openrlhf");

    assertThat(Readings.of(command ? "run.sh" : "job.yaml", text).findings())
        .filteredOn(found -> found.code() == FindingCode.NOT_COUNTED)
        .anyMatch(found -> last.startsWith(shown(found.key())));
  }

  /** The last name of a key, of which messages show the beginning where it is long. */
  private static String shown(String key) {
    String whole = key.replaceAll("\\.+$", "");
    return whole.substring(whole.lastIndexOf('.') + 1);
  }
}
