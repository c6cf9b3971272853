// Generated from the program's own records; PageSourcesTest.

/** A key of the job document. */
export interface JobKey {
  /** How its text becomes a value. */
  readonly kind: "text" | "number" | "boolean" | "list";
  /** What it is. */
  readonly description: string;
  /** All values, where there are a few. */
  readonly options?: readonly string[];
}

/** Keys of the job document that the page may hold. */
export const KEYS: ReadonlyMap<string, JobKey> = new Map<string, JobKey>([
  [
    "model.id",
    {
      kind: "text",
      description: "Hub id or catalogue name of the model",
    },
  ],
  [
    "model.dtype",
    {
      kind: "text",
      description: "dtype of loaded weights that are not quantised",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "model.quantization.scheme",
    {
      kind: "text",
      description: "storage of the frozen base",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "model.quantization.double_quant",
    {
      kind: "boolean",
      description: "the block constants of nf4 and fp4 are quantised again",
    },
  ],
  [
    "model.quantization.implementation",
    {
      kind: "text",
      description: "who holds the quantised weight",
    },
  ],
  [
    "model.quantization.experts",
    {
      kind: "boolean",
      description: "experts that are one parameter are quantised too, and made whole for a pass",
    },
  ],
  [
    "model.mixer",
    {
      kind: "text",
      description: "whether Mamba and delta-rule layers run fused kernels or their torch path",
      options: ["kernel", "torch"],
    },
  ],
  [
    "profile",
    {
      kind: "text",
      description: "what holds for settings that nobody gives",
      options: ["recommended", "bare"],
    },
  ],
  [
    "method",
    {
      kind: "text",
      description: "what is trained, and how",
      options: ["full", "lora", "qlora", "dora", "rslora", "pissa", "oft", "ia3", "vera", "loha", "lokr", "miss", "freeze", "galore"],
    },
  ],
  [
    "frozen",
    {
      kind: "list",
      description: "parts of a model with encoders that are neither trained nor adapted",
    },
  ],
  [
    "trainable_layers",
    {
      kind: "number",
      description: "layers that method freeze trains, and nothing else",
    },
  ],
  [
    "trainable_place",
    {
      kind: "text",
      description: "where they are: the last, the first, or the last of each of as many equal groups",
      options: ["last", "first", "spread"],
    },
  ],
  [
    "lora.rank",
    {
      kind: "number",
      description: "rank of the adapters",
    },
  ],
  [
    "lora.alpha",
    {
      kind: "number",
      description: "scale of the adapters",
    },
  ],
  [
    "lora.block_size",
    {
      kind: "number",
      description: "features that each rotation of method oft turns",
    },
  ],
  [
    "lora.feedforward_modules",
    {
      kind: "list",
      description: "ends of the names of modules of which method ia3 scales the input",
    },
  ],
  [
    "lora.dropout",
    {
      kind: "number",
      description: "dropout before the adapters",
    },
  ],
  [
    "lora.targets",
    {
      kind: "list",
      description: "all-linear, or names of the modules that get adapters; an empty list beside lora.target_parameters adapts no module",
    },
  ],
  [
    "lora.modules_to_save",
    {
      kind: "list",
      description: "modules trained in full beside the adapters",
    },
  ],
  [
    "lora.dtype",
    {
      kind: "text",
      description: "dtype of the adapter weights",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "lora.kbit_prepare",
    {
      kind: "boolean",
      description: "prepare_model_for_kbit_training was run: fp32 norms, embeddings and head",
    },
  ],
  [
    "lora.target_parameters",
    {
      kind: "list",
      description: "bare parameters, such as those of experts, that get adapters",
    },
  ],
  [
    "precision",
    {
      kind: "text",
      description: "dtype of compute; -mixed is autocast, without it parameters have that dtype too",
      options: ["fp32", "bf16", "fp16", "bf16-mixed", "fp16-mixed"],
    },
  ],
  [
    "master_weights",
    {
      kind: "boolean",
      description: "the optimizer keeps an fp32 copy of the parameters",
    },
  ],
  [
    "optimizer.name",
    {
      kind: "text",
      description: "the update rule",
      options: ["adamw", "adamw-8bit", "adamw-4bit", "paged-adamw", "paged-adamw-8bit", "adafactor", "lion", "lion-8bit", "sgd", "muon", "galore", "apollo", "badam", "lomo", "adam-mini", "schedule-free-adamw", "flash-adamw", "adamw-cpu", "none"],
    },
  ],
  [
    "optimizer.implementation",
    {
      kind: "text",
      description: "whose code runs the update",
      options: ["fused", "foreach", "for-loop", "bitsandbytes", "torchao", "deepspeed", "apex", "momentum"],
    },
  ],
  [
    "optimizer.state_dtype",
    {
      kind: "text",
      description: "dtype of the moments",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "optimizer.in_backward",
    {
      kind: "boolean",
      description: "the step is fused into the backward pass",
    },
  ],
  [
    "batch.micro_batch",
    {
      kind: "number",
      description: "sequences per GPU and forward pass",
    },
  ],
  [
    "batch.grad_accum",
    {
      kind: "number",
      description: "micro-batches per optimizer step",
    },
  ],
  [
    "batch.sequence_length",
    {
      kind: "number",
      description: "tokens per sequence really processed at the peak",
    },
  ],
  [
    "batch.padding",
    {
      kind: "text",
      description: "how sequences fill a batch; padded means that attention takes a mask",
      options: ["packed", "padded", "longest"],
    },
  ],
  [
    "batch.segments",
    {
      kind: "number",
      description: "sequences packed into one row",
    },
  ],
  [
    "batch.images",
    {
      kind: "number",
      description: "images per sequence, which its tokens include",
    },
  ],
  [
    "batch.image_size",
    {
      kind: "list",
      description: "width and height of an image in pixels",
    },
  ],
  [
    "batch.audio_seconds",
    {
      kind: "number",
      description: "seconds of sound per sequence",
    },
  ],
  [
    "checkpointing",
    {
      kind: "text",
      description: "activation checkpointing per decoder layer",
      options: ["none", "full", "selective", "offloaded"],
    },
  ],
  [
    "checkpointing_reentrant",
    {
      kind: "boolean",
      description: "PyTorch's use_reentrant",
    },
  ],
  [
    "tiled_mlp",
    {
      kind: "boolean",
      description: "MLPs run on one piece of the tokens after the other, and again in the backward pass",
    },
  ],
  [
    "mlp_tiles",
    {
      kind: "number",
      description: "pieces of each sequence that a tiled MLP runs on",
    },
  ],
  [
    "attention",
    {
      kind: "text",
      description: "attention implementation",
      options: ["flash", "sdpa", "eager", "flex"],
    },
  ],
  [
    "loss",
    {
      kind: "text",
      description: "how logits and cross-entropy are computed",
      options: ["full", "chunked", "liger", "cce", "triton"],
    },
  ],
  [
    "liger_kernels",
    {
      kind: "list",
      description: "fused kernels beside the loss",
    },
  ],
  [
    "compile",
    {
      kind: "boolean",
      description: "torch.compile; on Megatron of its cross-entropy, cross_entropy_loss_fusion",
    },
  ],
  [
    "parallelism.strategy",
    {
      kind: "text",
      description: "how work is spread over GPUs",
      options: ["none", "ddp", "fsdp1", "fsdp2", "zero1", "zero2", "zero3", "megatron"],
    },
  ],
  [
    "parallelism.shard",
    {
      kind: "number",
      description: "degree of parameter sharding",
    },
  ],
  [
    "parallelism.replicate",
    {
      kind: "number",
      description: "data-parallel degree without sharding",
    },
  ],
  [
    "parallelism.tensor",
    {
      kind: "number",
      description: "tensor-parallel degree",
    },
  ],
  [
    "parallelism.pipeline",
    {
      kind: "number",
      description: "pipeline stages",
    },
  ],
  [
    "parallelism.layers_per_stage",
    {
      kind: "list",
      description: "layers of each pipeline stage; PyTorch's pipelines: one number, of every stage",
    },
  ],
  [
    "parallelism.context",
    {
      kind: "number",
      description: "context-parallel degree",
    },
  ],
  [
    "parallelism.sequence_scheme",
    {
      kind: "text",
      description: "how context-parallel ranks divide attention",
      options: ["ring", "ulysses", "allgather"],
    },
  ],
  [
    "parallelism.expert",
    {
      kind: "number",
      description: "expert-parallel degree",
    },
  ],
  [
    "parallelism.expert_tensor",
    {
      kind: "number",
      description: "Megatron: tensor-parallel degree inside experts",
    },
  ],
  [
    "parallelism.expert_imbalance",
    {
      kind: "number",
      description: "Megatron: tokens at the fullest rank of experts over those at the mean one; up to the number of experts",
    },
  ],
  [
    "parallelism.virtual_pipeline",
    {
      kind: "number",
      description: "interleaved stages per pipeline rank; 2 under a looped schedule of PyTorch",
    },
  ],
  [
    "parallelism.pipeline_schedule",
    {
      kind: "text",
      description: "PyTorch's pipelines: in which order a rank runs micro-batches",
      options: ["1f1b", "interleaved-1f1b", "gpipe", "looped-bfs"],
    },
  ],
  [
    "parallelism.pipeline_micro_batches",
    {
      kind: "number",
      description: "PyTorch's pipelines: micro-batches that go through at a time",
    },
  ],
  [
    "parallelism.stage_rounding",
    {
      kind: "text",
      description: "PyTorch's pipelines: stages that the ranks do not divide",
      options: ["none", "up", "down"],
    },
  ],
  [
    "parallelism.sequence_parallel",
    {
      kind: "boolean",
      description: "norms are split along the sequence",
    },
  ],
  [
    "parallelism.reshard_after_forward",
    {
      kind: "boolean",
      description: "gathered parameters are freed after the forward pass",
    },
  ],
  [
    "parallelism.first_rank_loads",
    {
      kind: "boolean",
      description: "FSDP and ZeRO-3: one rank of a machine alone loads weights, cpu_ram_efficient_loading, zero3_init_flag",
    },
  ],
  [
    "parallelism.reduce_dtype",
    {
      kind: "text",
      description: "dtype of gradient reduction",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "parallelism.param_dtype",
    {
      kind: "text",
      description: "FSDP's dtype of gathered parameters",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "parallelism.root_group",
    {
      kind: "text",
      description: "FSDP2: which parameters share the root's group",
      options: ["plain", "split", "plain_raf"],
    },
  ],
  [
    "parallelism.offload",
    {
      kind: "list",
      description: "what is kept in host memory",
    },
  ],
  [
    "parallelism.zero_sizes",
    {
      kind: "text",
      description: "ZeRO: sizes that are not stated are DeepSpeed's, or of the hidden size",
      options: ["default", "auto"],
    },
  ],
  [
    "parallelism.reduce_bucket_size",
    {
      kind: "number",
      description: "ZeRO: gradients that are reduced at a time",
    },
  ],
  [
    "parallelism.overlap_comm",
    {
      kind: "boolean",
      description: "ZeRO: gradients are reduced and parameters gathered while others are computed",
    },
  ],
  [
    "parallelism.prefetch_bucket_size",
    {
      kind: "number",
      description: "ZeRO-3: parameters that are gathered ahead at a time",
    },
  ],
  [
    "parallelism.param_persistence_threshold",
    {
      kind: "number",
      description: "ZeRO-3: parameters up to this size stay gathered",
    },
  ],
  [
    "parallelism.max_live_parameters",
    {
      kind: "number",
      description: "ZeRO-3: parameters that are gathered in all",
    },
  ],
  [
    "allocator.expandable_segments",
    {
      kind: "boolean",
      description: "PyTorch's caching allocator grows its segments, which keeps them in one piece",
    },
  ],
  [
    "allocator.max_split_size_mib",
    {
      kind: "number",
      description: "MiB from which PyTorch's caching allocator does not split blocks",
    },
  ],
  [
    "allocator.empty_cache_steps",
    {
      kind: "number",
      description: "torch_empty_cache_steps: steps between calls of empty_cache",
    },
  ],
  [
    "allocator.garbage_collection_threshold",
    {
      kind: "number",
      description: "share of the memory from which PyTorch's caching allocator frees unused blocks",
    },
  ],
  [
    "allocator.roundup_power2_divisions",
    {
      kind: "number",
      description: "sizes of blocks between two powers of two",
    },
  ],
  [
    "allocator.large_segment_size_mib",
    {
      kind: "number",
      description: "MiB of a segment of PyTorch's caching allocator",
    },
  ],
  [
    "allocator.memory_fraction",
    {
      kind: "number",
      description: "share of the card that PyTorch's caching allocator may take",
    },
  ],
  [
    "framework.name",
    {
      kind: "text",
      description: "who runs the job; decides the defaults",
    },
  ],
  [
    "framework.version",
    {
      kind: "text",
      description: "version of the framework",
    },
  ],
  [
    "framework.torch",
    {
      kind: "text",
      description: "version of PyTorch",
    },
  ],
  [
    "framework.transformers",
    {
      kind: "text",
      description: "version of Transformers",
    },
  ],
  [
    "framework.peft",
    {
      kind: "text",
      description: "version of PEFT",
    },
  ],
  [
    "framework.bitsandbytes",
    {
      kind: "text",
      description: "version of bitsandbytes",
    },
  ],
  [
    "framework.trl",
    {
      kind: "text",
      description: "version of TRL",
    },
  ],
  [
    "framework.liger",
    {
      kind: "text",
      description: "version of the Liger kernels",
    },
  ],
  [
    "framework.accelerate",
    {
      kind: "text",
      description: "version of accelerate",
    },
  ],
  [
    "framework.vllm",
    {
      kind: "text",
      description: "version of vLLM",
    },
  ],
  [
    "framework.date",
    {
      kind: "text",
      description: "month of the versions that are not given",
    },
  ],
  [
    "hardware.gpu",
    {
      kind: "text",
      description: "GPU of the catalogue, with a count as in H100:8, or local",
    },
  ],
  [
    "hardware.count",
    {
      kind: "number",
      description: "GPUs in all",
    },
  ],
  [
    "hardware.nodes",
    {
      kind: "number",
      description: "machines",
    },
  ],
  [
    "hardware.network",
    {
      kind: "number",
      description: "Gbit/s that each machine has to the others",
    },
  ],
  [
    "hardware.memory_in_use",
    {
      kind: "number",
      description: "GiB of each GPU that others use",
    },
  ],
  [
    "hardware.system",
    {
      kind: "text",
      description: "operating system",
      options: ["linux", "windows", "wsl"],
    },
  ],
  [
    "hardware.host_memory",
    {
      kind: "number",
      description: "GiB of memory of each machine",
    },
  ],
  [
    "hardware.disk",
    {
      kind: "number",
      description: "GiB of disk of each machine",
    },
  ],
  [
    "data.examples",
    {
      kind: "number",
      description: "examples of the data set",
    },
  ],
  [
    "data.tokens_per_example",
    {
      kind: "number",
      description: "mean tokens per example",
    },
  ],
  [
    "data.epochs",
    {
      kind: "number",
      description: "passes over the data set",
    },
  ],
  [
    "data.tokens",
    {
      kind: "number",
      description: "tokens of the whole run, in place of the other three",
    },
  ],
  [
    "data.steps",
    {
      kind: "number",
      description: "optimizer steps that end the run, whatever the epochs",
    },
  ],
  [
    "data.lengths",
    {
      kind: "text",
      description: "tokens of the examples, before a cut-off",
    },
  ],
  [
    "data.characters_per_token",
    {
      kind: "number",
      description: "for guessing the tokens of data.file",
    },
  ],
  [
    "objective.stage",
    {
      kind: "text",
      description: "what a step optimises",
      options: ["sft", "pretrain", "dpo", "kto", "bco", "orpo", "cpo", "reward", "grpo", "rloo", "ppo", "ebft", "distillation", "classification", "token-classification", "masked-lm", "embedding"],
    },
  ],
  [
    "objective.reference",
    {
      kind: "text",
      description: "where reference log-probabilities come from",
      options: ["none", "adapter-off", "adapter", "copy", "precomputed"],
    },
  ],
  [
    "objective.reference_dtype",
    {
      kind: "text",
      description: "dtype of a reference that is a copy",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "objective.reference_quantization",
    {
      kind: "text",
      description: "storage of a reference that is a copy",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "objective.prompt_length",
    {
      kind: "number",
      description: "tokens of a prompt",
    },
  ],
  [
    "objective.completion_length",
    {
      kind: "number",
      description: "tokens of a completion, at most",
    },
  ],
  [
    "objective.completion_mean",
    {
      kind: "number",
      description: "mean tokens of a completion that is generated",
    },
  ],
  [
    "objective.chosen_length",
    {
      kind: "number",
      description: "tokens of the chosen answer of a pair",
    },
  ],
  [
    "objective.rejected_length",
    {
      kind: "number",
      description: "tokens of the rejected answer of a pair",
    },
  ],
  [
    "objective.loss_type",
    {
      kind: "list",
      description: "loss as the trainer calls it, such as sigmoid, ipo, simpo, dapo or dft; a list adds them up",
    },
  ],
  [
    "objective.loss_weights",
    {
      kind: "list",
      description: "weights of several losses",
    },
  ],
  [
    "objective.beta",
    {
      kind: "number",
      description: "weight of the reference",
    },
  ],
  [
    "objective.alpha",
    {
      kind: "number",
      description: "CPO's weight of the supervised loss",
    },
  ],
  [
    "objective.weighting",
    {
      kind: "boolean",
      description: "WPO's weights of a DPO loss",
    },
  ],
  [
    "objective.scored_fraction",
    {
      kind: "number",
      description: "share of positions that have a label",
    },
  ],
  [
    "objective.label_smoothing",
    {
      kind: "number",
      description: "share of the label that all classes get",
    },
  ],
  [
    "objective.neftune_alpha",
    {
      kind: "number",
      description: "scale of the noise on embeddings",
    },
  ],
  [
    "objective.labels",
    {
      kind: "number",
      description: "classes of stage classification",
    },
  ],
  [
    "objective.texts",
    {
      kind: "number",
      description: "texts of an example of stage embedding: anchor, positive and negatives",
    },
  ],
  [
    "objective.mini_batch",
    {
      kind: "number",
      description: "texts embedded at a time where gradients of embeddings are cached",
    },
  ],
  [
    "objective.pooling",
    {
      kind: "text",
      description: "what of the hidden states of a sequence is its embedding",
      options: ["mean", "cls", "last"],
    },
  ],
  [
    "objective.matryoshka",
    {
      kind: "list",
      description: "widths of embeddings that the loss is computed of (Matryoshka)",
    },
  ],
  [
    "objective.teacher",
    {
      kind: "text",
      description: "model that is distilled, or the guide of an embedding loss",
    },
  ],
  [
    "objective.teacher_dtype",
    {
      kind: "text",
      description: "dtype of the teacher",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "objective.teacher_quantization",
    {
      kind: "text",
      description: "storage of the teacher",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "objective.value_model",
    {
      kind: "text",
      description: "model that estimates returns",
    },
  ],
  [
    "objective.reward_models",
    {
      kind: "list",
      description: "models that score completions",
    },
  ],
  [
    "generation.engine",
    {
      kind: "text",
      description: "who generates completions",
      options: ["none", "transformers", "vllm-colocate", "vllm-server", "sglang-colocate", "sglang-server", "deepspeed-hybrid", "shared"],
    },
  ],
  [
    "generation.group_size",
    {
      kind: "number",
      description: "completions per prompt",
    },
  ],
  [
    "generation.steps_per_generation",
    {
      kind: "number",
      description: "micro-batches per generation",
    },
  ],
  [
    "generation.iterations",
    {
      kind: "number",
      description: "updates per generated batch",
    },
  ],
  [
    "generation.memory_fraction",
    {
      kind: "number",
      description: "share of the whole card that the engine takes",
    },
  ],
  [
    "generation.sleep",
    {
      kind: "number",
      description: "how much the engine gives back between generations",
    },
  ],
  [
    "generation.max_model_length",
    {
      kind: "number",
      description: "tokens of the engine's longest sequence",
    },
  ],
  [
    "generation.tensor",
    {
      kind: "number",
      description: "tensor-parallel degree of the engine",
    },
  ],
  [
    "generation.gpus",
    {
      kind: "number",
      description: "GPUs of a server engine, beside hardware.count",
    },
  ],
  [
    "generation.offload_while_generating",
    {
      kind: "list",
      description: "what leaves the GPU while completions are generated",
    },
  ],
  [
    "data.loader_workers",
    {
      kind: "number",
      description: "processes of each rank that prepare batches, dataloader_num_workers",
    },
  ],
  [
    "evaluation.micro_batch",
    {
      kind: "number",
      description: "sequences per GPU and forward pass of an evaluation",
    },
  ],
  [
    "evaluation.batches",
    {
      kind: "number",
      description: "batches of an evaluation during the run",
    },
  ],
  [
    "evaluation.metrics",
    {
      kind: "boolean",
      description: "logits are gathered for metrics",
    },
  ],
  [
    "evaluation.accumulation_steps",
    {
      kind: "number",
      description: "batches after which logits go to the host",
    },
  ],
  [
    "saving.state_dict",
    {
      kind: "text",
      description: "what a checkpoint gathers",
      options: ["full", "sharded", "adapter"],
    },
  ],
  [
    "saving.on_gpu",
    {
      kind: "boolean",
      description: "a checkpoint is gathered on the GPU",
    },
  ],
  [
    "saving.strategy",
    {
      kind: "text",
      description: "when checkpoints are written, save_strategy",
      options: ["no", "steps", "epoch", "end"],
    },
  ],
  [
    "saving.interval_steps",
    {
      kind: "number",
      description: "steps of the optimizer from one checkpoint to the next, save_steps",
    },
  ],
  [
    "saving.total_limit",
    {
      kind: "number",
      description: "checkpoints that are left on disk, save_total_limit",
    },
  ],
  [
    "saving.only_model",
    {
      kind: "boolean",
      description: "a checkpoint has no optimizer states, save_only_model",
    },
  ],
  [
    "saving.resume",
    {
      kind: "boolean",
      description: "the run goes on from a checkpoint",
    },
  ],
  [
    "saving.merge",
    {
      kind: "boolean",
      description: "adapters are merged at the end",
    },
  ],
  [
    "saving.merge_device",
    {
      kind: "text",
      description: "where adapters are merged",
      options: ["gpu", "cpu", "files"],
    },
  ],
  [
    "saving.gguf",
    {
      kind: "text",
      description: "the last weights are converted for llama.cpp, merged where there are adapters",
      options: ["f16", "bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m"],
    },
  ],
  [
    "quantized_training.scheme",
    {
      kind: "text",
      description: "low-precision compute of trained weights",
      options: ["none", "fp8", "mxfp8", "nvfp4", "qat-int4", "qat-int8"],
    },
  ],
  [
    "quantized_training.implementation",
    {
      kind: "text",
      description: "whose code computes in low precision",
      options: ["transformer-engine", "torchao", "ms-amp"],
    },
  ],
  [
    "roles",
    {
      kind: "list",
      description: "groups of GPUs of a stage that has several",
    },
  ],
]);
