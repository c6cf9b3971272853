package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.text;
import static dev.vramcast.core.job.value.ValueKind.version;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.word;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;

import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.value.Month;
import java.util.List;

/** Keys of what a job runs on: allocator, framework and hardware. */
final class EnvironmentKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key(
              "allocator.expandable_segments",
              yesOrNo(),
              is("false"),
              "PyTorch's caching allocator grows its segments, which keeps them in one piece"),
          // PyTorch: "max_split_size_mb too small, must be > 20".
          key(
              "allocator.max_split_size_mib",
              // PyTorch: "max_split_size_mb too small, must be > 20".
              whole(21, 1_000_000),
              rule("none"),
              "MiB from which PyTorch's caching allocator does not split blocks"),
          key(
              "allocator.empty_cache_steps",
              whole(1, 1_000_000),
              rule("none"),
              "torch_empty_cache_steps: steps between calls of empty_cache"),
          key(
              "allocator.garbage_collection_threshold",
              number(0, 1),
              rule("PyTorch's"),
              "share of the memory from which PyTorch's caching allocator frees unused blocks"),
          key(
              "allocator.roundup_power2_divisions",
              "--roundup-divisions",
              whole(1, 1_024),
              rule("PyTorch's"),
              "sizes of blocks between two powers of two"),
          key(
              "allocator.large_segment_size_mib",
              whole(1, 1_000_000),
              rule("PyTorch's"),
              "MiB of a segment of PyTorch's caching allocator"),
          key(
              "allocator.memory_fraction",
              number(0, 1),
              rule("PyTorch's"),
              "share of the card that PyTorch's caching allocator may take"),
          key(
                  "framework.name",
                  "--framework",
                  text(),
                  is("transformers"),
                  "who runs the job; decides the defaults")
              .called("Framework")
              .turned(Knob.of(Panel.METHOD)),
          key(
              "framework.version",
              "--framework-version",
              text(),
              rule("newest supported"),
              "version of the framework"),
          key("framework.torch", version(), is(SupportedVersions.TORCH), "version of PyTorch"),
          key(
              "framework.transformers",
              version(),
              is(SupportedVersions.TRANSFORMERS),
              "version of Transformers"),
          key("framework.peft", version(), is(SupportedVersions.PEFT), "version of PEFT"),
          key(
              "framework.bitsandbytes",
              version(),
              is(SupportedVersions.BITSANDBYTES),
              "version of bitsandbytes"),
          key("framework.trl", version(), rule("newest supported"), "version of TRL"),
          key(
              "framework.liger",
              version(),
              rule("newest when Transformers came out"),
              "version of the Liger kernels"),
          key(
              "framework.accelerate",
              version(),
              rule("newest when Transformers came out"),
              "version of accelerate"),
          key(
              "framework.deepspeed",
              // Trainers' --deepspeed names a file.
              "--deepspeed-version",
              version(),
              rule("newest when Transformers came out"),
              "version of DeepSpeed"),
          key("framework.vllm", version(), rule("newest supported"), "version of vLLM"),
          key(
              "framework.date",
              new Month(),
              rule("none"),
              "month of the versions that are not given"),
          key(
                  "hardware.gpu",
                  text(),
                  rule("none"),
                  "GPU of the catalogue, with a count as in H100:8, or local")
              .called("GPU"),
          key("hardware.count", whole(1, JobKey.MOST_GPUS), is("1"), "GPUs in all")
              .called("GPUs")
              .turned(Knob.stops(Panel.GPUS, "", 1, 2, 3, 4, 6, 8, 16, 32, 64)),
          key("hardware.nodes", whole(1, 1_000_000), is("1"), "machines"),
          key(
              "hardware.network",
              number(0.1, 1e6),
              rule("as InfiniBand"),
              "Gbit/s that each machine has to the others"),
          key("hardware.memory_in_use", number(0, 1e6), is("0"), "GiB of each GPU that others use"),
          key("hardware.system", word("linux", "windows", "wsl"), is("linux"), "operating system"),
          key(
              "hardware.host_memory",
              number(0, 1e9),
              rule("unknown"),
              "GiB of memory of each machine"),
          key("hardware.disk", number(0, 1e9), rule("unknown"), "GiB of disk of each machine"));

  private EnvironmentKeys() {}
}
