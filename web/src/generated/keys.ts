// Generated from the program's own records; PageSourcesTest.

/** A key of the job document. */
export interface JobKey {
  /** How its text becomes a value. */
  readonly kind: "text" | "number" | "boolean" | "list";
  /** What it is. */
  readonly description: string;
  /** What people call it; its path where they call it nothing else. */
  readonly label: string;
  /** All values, where there are a few. */
  readonly options?: readonly string[];
  /** How it is set, where it is one of those that most people set. */
  readonly knob?: Knob;
}

/** Where a knob stands, and the values that a slider stops at, where it is a number. */
export interface Knob {
  readonly panel: Panel;
  readonly unit: string;
  readonly stops: readonly number[];
}

/** Knobs that stand together. */
export type Panel =
  | "gpus"
  | "tokens"
  | "examples"
  | "method"
  | "training"
  | "details";

/** Keys of the job document that the page may hold. */
export const KEYS: ReadonlyMap<string, JobKey> = new Map<string, JobKey>([
  [
    "model.id",
    {
      kind: "text",
      description: "Hub id or catalogue name of the model",
      label: "Model",
    },
  ],
  [
    "model.dtype",
    {
      kind: "text",
      description: "dtype of loaded weights that are not quantised; auto is that of the checkpoint",
      label: "model.dtype",
      options: ["fp32", "bf16", "fp16", "auto"],
    },
  ],
  [
    "model.quantization.scheme",
    {
      kind: "text",
      description: "storage of the frozen base",
      label: "model.quantization.scheme",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "model.quantization.double_quant",
    {
      kind: "boolean",
      description: "the block constants of nf4 and fp4 are quantised again",
      label: "model.quantization.double_quant",
    },
  ],
  [
    "model.quantization.implementation",
    {
      kind: "text",
      description: "who holds the quantised weight",
      label: "model.quantization.implementation",
    },
  ],
  [
    "model.quantization.experts",
    {
      kind: "boolean",
      description: "experts that are one parameter are quantised too, and made whole for a pass",
      label: "model.quantization.experts",
    },
  ],
  [
    "model.mixer",
    {
      kind: "text",
      description: "whether Mamba and delta-rule layers run fused kernels or their torch path",
      label: "model.mixer",
      options: ["kernel", "torch"],
    },
  ],
  [
    "model.class",
    {
      kind: "text",
      description: "class it is loaded in: its config's, AutoModelForCausalLM's, or its language model's alone",
      label: "model.class",
      options: ["published", "causal-lm", "text"],
    },
  ],
  [
    "model.use_cache",
    {
      kind: "boolean",
      description: "the program lets the model's config have keys and values cached, config.use_cache",
      label: "model.use_cache",
    },
  ],
  [
    "profile",
    {
      kind: "text",
      description: "what holds for settings that nobody gives",
      label: "Where nothing is said",
      options: ["recommended", "bare"],
      knob: { panel: "method", unit: "", stops: [] },
    },
  ],
  [
    "method",
    {
      kind: "text",
      description: "what is trained, and how",
      label: "Method",
      options: ["full", "lora", "qlora", "dora", "rslora", "pissa", "oft", "ia3", "vera", "loha", "lokr", "miss", "freeze", "galore"],
      knob: { panel: "method", unit: "", stops: [] },
    },
  ],
  [
    "frozen",
    {
      kind: "list",
      description: "parts of a model with encoders that are neither trained nor adapted",
      label: "frozen",
    },
  ],
  [
    "trainable_layers",
    {
      kind: "number",
      description: "layers that method freeze trains, and nothing else",
      label: "trainable_layers",
    },
  ],
  [
    "trainable_place",
    {
      kind: "text",
      description: "where they are: the last, the first, or the last of each of as many equal groups",
      label: "trainable_place",
      options: ["last", "first", "spread"],
    },
  ],
  [
    "lora.rank",
    {
      kind: "number",
      description: "rank of the adapters",
      label: "Rank of the adapters",
      knob: { panel: "training", unit: "", stops: [4, 8, 16, 32, 64, 128, 256, 512] },
    },
  ],
  [
    "lora.alpha",
    {
      kind: "number",
      description: "scale of the adapters",
      label: "lora.alpha",
    },
  ],
  [
    "lora.block_size",
    {
      kind: "number",
      description: "features that each rotation of method oft turns",
      label: "lora.block_size",
    },
  ],
  [
    "lora.feedforward_modules",
    {
      kind: "list",
      description: "ends of the names of modules of which method ia3 scales the input",
      label: "lora.feedforward_modules",
    },
  ],
  [
    "lora.dropout",
    {
      kind: "number",
      description: "dropout before the adapters",
      label: "lora.dropout",
    },
  ],
  [
    "lora.targets",
    {
      kind: "list",
      description: "all-linear, or names of the modules that get adapters; an empty list beside lora.target_parameters adapts no module",
      label: "lora.targets",
    },
  ],
  [
    "lora.modules_to_save",
    {
      kind: "list",
      description: "modules trained in full beside the adapters",
      label: "lora.modules_to_save",
    },
  ],
  [
    "lora.dtype",
    {
      kind: "text",
      description: "dtype of the adapter weights",
      label: "lora.dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "lora.kbit_prepare",
    {
      kind: "boolean",
      description: "prepare_model_for_kbit_training was run: fp32 norms, embeddings and head",
      label: "lora.kbit_prepare",
    },
  ],
  [
    "lora.target_parameters",
    {
      kind: "list",
      description: "bare parameters, such as those of experts, that get adapters",
      label: "lora.target_parameters",
    },
  ],
  [
    "precision",
    {
      kind: "text",
      description: "dtype of compute; -mixed is autocast, without it parameters have that dtype too; pure is the dtype of the loaded weights",
      label: "Precision",
      options: ["fp32", "bf16", "fp16", "bf16-mixed", "fp16-mixed", "pure"],
      knob: { panel: "details", unit: "", stops: [] },
    },
  ],
  [
    "master_weights",
    {
      kind: "boolean",
      description: "the optimizer keeps an fp32 copy of the parameters",
      label: "master_weights",
    },
  ],
  [
    "optimizer.name",
    {
      kind: "text",
      description: "the update rule",
      label: "Optimizer",
      options: ["adamw", "adamw-8bit", "adamw-4bit", "paged-adamw", "paged-adamw-8bit", "adafactor", "lion", "lion-8bit", "paged-lion", "paged-lion-8bit", "ademamix", "ademamix-8bit", "paged-ademamix", "paged-ademamix-8bit", "rmsprop", "rmsprop-8bit", "adagrad", "sgd", "muon", "galore", "apollo", "badam", "lomo", "adalomo", "adam-mini", "stable-adamw", "schedule-free-adamw", "schedule-free-radam", "schedule-free-sgd", "flash-adamw", "adamw-cpu", "none"],
      knob: { panel: "details", unit: "", stops: [] },
    },
  ],
  [
    "optimizer.implementation",
    {
      kind: "text",
      description: "whose code runs the update",
      label: "optimizer.implementation",
      options: ["fused", "foreach", "for-loop", "bitsandbytes", "torchao", "deepspeed", "apex", "momentum"],
    },
  ],
  [
    "optimizer.state_dtype",
    {
      kind: "text",
      description: "dtype of the moments",
      label: "optimizer.state_dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "optimizer.in_backward",
    {
      kind: "boolean",
      description: "the step is fused into the backward pass",
      label: "optimizer.in_backward",
    },
  ],
  [
    "batch.micro_batch",
    {
      kind: "number",
      description: "sequences per GPU and forward pass",
      label: "Micro-batch",
      knob: { panel: "training", unit: "sequences", stops: [1, 2, 4, 8, 16, 32, 64] },
    },
  ],
  [
    "batch.grad_accum",
    {
      kind: "number",
      description: "micro-batches per optimizer step",
      label: "Gradient accumulation",
      knob: { panel: "training", unit: "micro-batches", stops: [1, 2, 4, 8, 16, 32, 64, 128] },
    },
  ],
  [
    "batch.sequence_length",
    {
      kind: "number",
      description: "tokens per sequence really processed at the peak",
      label: "Sequence length",
      knob: { panel: "training", unit: "tokens", stops: [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072] },
    },
  ],
  [
    "batch.padding",
    {
      kind: "text",
      description: "how sequences fill a batch; padded means that attention takes a mask",
      label: "batch.padding",
      options: ["packed", "padded", "longest"],
    },
  ],
  [
    "batch.segments",
    {
      kind: "number",
      description: "sequences packed into one row",
      label: "batch.segments",
    },
  ],
  [
    "batch.images",
    {
      kind: "number",
      description: "images per sequence, which its tokens include",
      label: "batch.images",
    },
  ],
  [
    "batch.image_size",
    {
      kind: "list",
      description: "width and height of an image in pixels",
      label: "batch.image_size",
    },
  ],
  [
    "batch.audio_seconds",
    {
      kind: "number",
      description: "seconds of sound per sequence, whose tokens it includes",
      label: "batch.audio_seconds",
    },
  ],
  [
    "checkpointing",
    {
      kind: "text",
      description: "activation checkpointing per decoder layer",
      label: "Activation checkpointing",
      options: ["none", "full", "selective", "offloaded"],
      knob: { panel: "training", unit: "", stops: [] },
    },
  ],
  [
    "checkpointing_reentrant",
    {
      kind: "boolean",
      description: "PyTorch's use_reentrant",
      label: "checkpointing_reentrant",
    },
  ],
  [
    "checkpointing_every",
    {
      kind: "number",
      description: "one of so many layers is checkpointed, the others are not",
      label: "checkpointing_every",
    },
  ],
  [
    "checkpointing_layers",
    {
      kind: "number",
      description: "first layers of each (virtual) pipeline stage, which alone are checkpointed (Megatron's block)",
      label: "checkpointing_layers",
    },
  ],
  [
    "checkpointing_group",
    {
      kind: "number",
      description: "layers that one checkpoint holds (Megatron's uniform)",
      label: "checkpointing_group",
    },
  ],
  [
    "tiled_mlp",
    {
      kind: "boolean",
      description: "MLPs run on one piece of the tokens after the other, and again in the backward pass",
      label: "tiled_mlp",
    },
  ],
  [
    "mlp_tiles",
    {
      kind: "number",
      description: "pieces of each sequence that a tiled MLP runs on",
      label: "mlp_tiles",
    },
  ],
  [
    "attention",
    {
      kind: "text",
      description: "attention implementation",
      label: "Attention",
      options: ["flash", "sdpa", "eager", "flex"],
      knob: { panel: "details", unit: "", stops: [] },
    },
  ],
  [
    "loss",
    {
      kind: "text",
      description: "how logits and cross-entropy are computed",
      label: "Loss",
      options: ["full", "chunked", "liger", "cce", "triton"],
      knob: { panel: "details", unit: "", stops: [] },
    },
  ],
  [
    "liger_kernels",
    {
      kind: "list",
      description: "fused kernels beside the loss",
      label: "liger_kernels",
    },
  ],
  [
    "compile",
    {
      kind: "boolean",
      description: "torch.compile; on Megatron of its cross-entropy, cross_entropy_loss_fusion",
      label: "compile",
    },
  ],
  [
    "parallelism.strategy",
    {
      kind: "text",
      description: "how work is spread over GPUs",
      label: "Strategy",
      options: ["none", "ddp", "fsdp1", "fsdp2", "zero1", "zero2", "zero3", "megatron"],
      knob: { panel: "gpus", unit: "", stops: [] },
    },
  ],
  [
    "parallelism.shard",
    {
      kind: "number",
      description: "degree of parameter sharding",
      label: "parallelism.shard",
    },
  ],
  [
    "parallelism.replicate",
    {
      kind: "number",
      description: "data-parallel degree without sharding",
      label: "parallelism.replicate",
    },
  ],
  [
    "parallelism.tensor",
    {
      kind: "number",
      description: "tensor-parallel degree",
      label: "parallelism.tensor",
    },
  ],
  [
    "parallelism.pipeline",
    {
      kind: "number",
      description: "pipeline stages",
      label: "parallelism.pipeline",
    },
  ],
  [
    "parallelism.layers_per_stage",
    {
      kind: "list",
      description: "layers of each pipeline stage; PyTorch's pipelines: one number, of every stage",
      label: "parallelism.layers_per_stage",
    },
  ],
  [
    "parallelism.context",
    {
      kind: "number",
      description: "context-parallel degree",
      label: "parallelism.context",
    },
  ],
  [
    "parallelism.sequence_scheme",
    {
      kind: "text",
      description: "how context-parallel ranks divide attention",
      label: "parallelism.sequence_scheme",
      options: ["ring", "ulysses", "allgather"],
    },
  ],
  [
    "parallelism.expert",
    {
      kind: "number",
      description: "expert-parallel degree",
      label: "parallelism.expert",
    },
  ],
  [
    "parallelism.expert_tensor",
    {
      kind: "number",
      description: "Megatron: tensor-parallel degree inside experts",
      label: "parallelism.expert_tensor",
    },
  ],
  [
    "parallelism.expert_imbalance",
    {
      kind: "number",
      description: "tokens at the fullest rank of experts over those at the mean one; up to the number of experts",
      label: "parallelism.expert_imbalance",
    },
  ],
  [
    "parallelism.virtual_pipeline",
    {
      kind: "number",
      description: "interleaved stages per pipeline rank; 2 under a looped schedule of PyTorch",
      label: "parallelism.virtual_pipeline",
    },
  ],
  [
    "parallelism.pipeline_schedule",
    {
      kind: "text",
      description: "PyTorch's pipelines: in which order a rank runs micro-batches",
      label: "parallelism.pipeline_schedule",
      options: ["1f1b", "interleaved-1f1b", "gpipe", "looped-bfs"],
    },
  ],
  [
    "parallelism.pipeline_micro_batches",
    {
      kind: "number",
      description: "PyTorch's pipelines: micro-batches that go through at a time",
      label: "parallelism.pipeline_micro_batches",
    },
  ],
  [
    "parallelism.stage_rounding",
    {
      kind: "text",
      description: "PyTorch's pipelines: stages that the ranks do not divide",
      label: "parallelism.stage_rounding",
      options: ["none", "up", "down"],
    },
  ],
  [
    "parallelism.sequence_parallel",
    {
      kind: "boolean",
      description: "norms are split along the sequence",
      label: "parallelism.sequence_parallel",
    },
  ],
  [
    "parallelism.reshard_after_forward",
    {
      kind: "boolean",
      description: "gathered parameters are freed after the forward pass",
      label: "parallelism.reshard_after_forward",
    },
  ],
  [
    "parallelism.first_rank_loads",
    {
      kind: "boolean",
      description: "FSDP and ZeRO-3: one rank of a machine alone loads weights, cpu_ram_efficient_loading",
      label: "parallelism.first_rank_loads",
    },
  ],
  [
    "parallelism.reduce_dtype",
    {
      kind: "text",
      description: "dtype of gradient reduction",
      label: "parallelism.reduce_dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "parallelism.param_dtype",
    {
      kind: "text",
      description: "FSDP's dtype of gathered parameters",
      label: "parallelism.param_dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "parallelism.root_group",
    {
      kind: "text",
      description: "FSDP2: which parameters share the root's group",
      label: "parallelism.root_group",
      options: ["plain", "split", "plain_raf"],
    },
  ],
  [
    "parallelism.layer_classes",
    {
      kind: "list",
      description: "accelerate's FSDP: classes of the layers that are gathered one by one, transformer_layer_cls_to_wrap; auto: those of the model's _no_split_modules, else the job stops",
      label: "parallelism.layer_classes",
    },
  ],
  [
    "parallelism.fsdp_checkpointing",
    {
      kind: "boolean",
      description: "accelerate's FSDP places the checkpoints, fsdp_activation_checkpointing; under FSDP2 before 1.15 around each part of a layer, not around the layer",
      label: "parallelism.fsdp_checkpointing",
    },
  ],
  [
    "parallelism.offload",
    {
      kind: "list",
      description: "what is kept in host memory",
      label: "parallelism.offload",
    },
  ],
  [
    "parallelism.zero_init",
    {
      kind: "boolean",
      description: "ZeRO-3: the model is made divided, under DeepSpeed's zero.Init, zero3_init_flag",
      label: "parallelism.zero_init",
    },
  ],
  [
    "parallelism.zero_sizes",
    {
      kind: "text",
      description: "ZeRO: sizes that are not stated are DeepSpeed's, or of the hidden size",
      label: "parallelism.zero_sizes",
      options: ["default", "auto"],
    },
  ],
  [
    "parallelism.reduce_bucket_size",
    {
      kind: "number",
      description: "ZeRO: gradients that are reduced at a time",
      label: "parallelism.reduce_bucket_size",
    },
  ],
  [
    "parallelism.overlap_comm",
    {
      kind: "boolean",
      description: "ZeRO: gradients are reduced and parameters gathered while others are computed",
      label: "parallelism.overlap_comm",
    },
  ],
  [
    "parallelism.prefetch_bucket_size",
    {
      kind: "number",
      description: "ZeRO-3: parameters that are gathered ahead at a time",
      label: "parallelism.prefetch_bucket_size",
    },
  ],
  [
    "parallelism.param_persistence_threshold",
    {
      kind: "number",
      description: "ZeRO-3: parameters up to this size stay gathered",
      label: "parallelism.param_persistence_threshold",
    },
  ],
  [
    "parallelism.max_live_parameters",
    {
      kind: "number",
      description: "ZeRO-3: parameters that are gathered in all",
      label: "parallelism.max_live_parameters",
    },
  ],
  [
    "allocator.expandable_segments",
    {
      kind: "boolean",
      description: "PyTorch's caching allocator grows its segments, which keeps them in one piece",
      label: "allocator.expandable_segments",
    },
  ],
  [
    "allocator.max_split_size_mib",
    {
      kind: "number",
      description: "MiB from which PyTorch's caching allocator does not split blocks",
      label: "allocator.max_split_size_mib",
    },
  ],
  [
    "allocator.empty_cache_steps",
    {
      kind: "number",
      description: "torch_empty_cache_steps: steps between calls of empty_cache",
      label: "allocator.empty_cache_steps",
    },
  ],
  [
    "allocator.garbage_collection_threshold",
    {
      kind: "number",
      description: "share of the memory from which PyTorch's caching allocator frees unused blocks",
      label: "allocator.garbage_collection_threshold",
    },
  ],
  [
    "allocator.roundup_power2_divisions",
    {
      kind: "number",
      description: "sizes of blocks between two powers of two",
      label: "allocator.roundup_power2_divisions",
    },
  ],
  [
    "allocator.large_segment_size_mib",
    {
      kind: "number",
      description: "MiB of a segment of PyTorch's caching allocator",
      label: "allocator.large_segment_size_mib",
    },
  ],
  [
    "allocator.memory_fraction",
    {
      kind: "number",
      description: "share of the card that PyTorch's caching allocator may take",
      label: "allocator.memory_fraction",
    },
  ],
  [
    "framework.name",
    {
      kind: "text",
      description: "who runs the job; decides the defaults",
      label: "Framework",
      options: ["accelerate", "arctictraining", "axolotl", "colossalai", "deepspeed", "easyr1", "fms-fsdp", "fsdp_qlora", "internevo", "lightning-thunder", "litgpt", "llama-factory", "llama-recipes", "llm-foundry", "llm.c", "llmq", "mcore-adapter", "megatron", "megatron-swift", "ms-swift", "nanotron", "nemo-automodel", "nemo-rl", "open-instruct", "openrlhf", "peft", "prime-rl", "pytorch", "sentence-transformers", "surogate", "torchtitan", "torchtune", "transformers", "transformers-loop", "trl", "unsloth", "verl", "verl-sft"],
      knob: { panel: "method", unit: "", stops: [] },
    },
  ],
  [
    "framework.version",
    {
      kind: "text",
      description: "version of the framework",
      label: "framework.version",
    },
  ],
  [
    "framework.torch",
    {
      kind: "text",
      description: "version of PyTorch",
      label: "framework.torch",
    },
  ],
  [
    "framework.transformers",
    {
      kind: "text",
      description: "version of Transformers",
      label: "framework.transformers",
    },
  ],
  [
    "framework.peft",
    {
      kind: "text",
      description: "version of PEFT",
      label: "framework.peft",
    },
  ],
  [
    "framework.bitsandbytes",
    {
      kind: "text",
      description: "version of bitsandbytes",
      label: "framework.bitsandbytes",
    },
  ],
  [
    "framework.trl",
    {
      kind: "text",
      description: "version of TRL",
      label: "framework.trl",
    },
  ],
  [
    "framework.liger",
    {
      kind: "text",
      description: "version of the Liger kernels",
      label: "framework.liger",
    },
  ],
  [
    "framework.accelerate",
    {
      kind: "text",
      description: "version of accelerate",
      label: "framework.accelerate",
    },
  ],
  [
    "framework.deepspeed",
    {
      kind: "text",
      description: "version of DeepSpeed",
      label: "framework.deepspeed",
    },
  ],
  [
    "framework.vllm",
    {
      kind: "text",
      description: "version of vLLM",
      label: "framework.vllm",
    },
  ],
  [
    "framework.date",
    {
      kind: "text",
      description: "month of the versions that are not given",
      label: "framework.date",
    },
  ],
  [
    "hardware.gpu",
    {
      kind: "text",
      description: "GPU of the catalogue, with a count as in H100:8, or local",
      label: "GPU",
    },
  ],
  [
    "hardware.count",
    {
      kind: "number",
      description: "GPUs in all",
      label: "GPUs",
      knob: { panel: "gpus", unit: "", stops: [1, 2, 3, 4, 6, 8, 16, 32, 64] },
    },
  ],
  [
    "hardware.nodes",
    {
      kind: "number",
      description: "machines",
      label: "hardware.nodes",
    },
  ],
  [
    "hardware.network",
    {
      kind: "number",
      description: "Gbit/s that each machine has to the others",
      label: "hardware.network",
    },
  ],
  [
    "hardware.memory_in_use",
    {
      kind: "number",
      description: "GiB of each GPU that others use",
      label: "hardware.memory_in_use",
    },
  ],
  [
    "hardware.system",
    {
      kind: "text",
      description: "operating system",
      label: "hardware.system",
      options: ["linux", "windows", "wsl"],
    },
  ],
  [
    "hardware.host_memory",
    {
      kind: "number",
      description: "GiB of memory of each machine",
      label: "hardware.host_memory",
    },
  ],
  [
    "hardware.disk",
    {
      kind: "number",
      description: "GiB of disk of each machine",
      label: "hardware.disk",
    },
  ],
  [
    "data.examples",
    {
      kind: "number",
      description: "examples of the data set",
      label: "Examples",
      knob: { panel: "examples", unit: "", stops: [1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000] },
    },
  ],
  [
    "data.tokens_per_example",
    {
      kind: "number",
      description: "mean tokens per example",
      label: "Tokens of an example",
      knob: { panel: "examples", unit: "mean", stops: [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768] },
    },
  ],
  [
    "data.epochs",
    {
      kind: "number",
      description: "passes over the data set",
      label: "Epochs",
      knob: { panel: "examples", unit: "", stops: [1, 2, 3, 4, 5, 8, 10] },
    },
  ],
  [
    "data.tokens",
    {
      kind: "number",
      description: "tokens of the whole run, in place of the other three",
      label: "Tokens of the run",
      knob: { panel: "tokens", unit: "", stops: [1000000, 2000000, 5000000, 10000000, 20000000, 50000000, 100000000, 200000000, 500000000, 1000000000, 2000000000, 5000000000, 10000000000] },
    },
  ],
  [
    "data.steps",
    {
      kind: "number",
      description: "optimizer steps that end the run, whatever the epochs",
      label: "Steps of the run",
    },
  ],
  [
    "data.lengths",
    {
      kind: "text",
      description: "tokens of the examples, before a cut-off",
      label: "data.lengths",
    },
  ],
  [
    "data.characters_per_token",
    {
      kind: "number",
      description: "for guessing the tokens of data.file",
      label: "data.characters_per_token",
    },
  ],
  [
    "objective.stage",
    {
      kind: "text",
      description: "what a step optimises",
      label: "Stage",
      options: ["sft", "pretrain", "dpo", "kto", "bco", "orpo", "cpo", "reward", "grpo", "rloo", "ppo", "ebft", "ebft-strided", "distillation", "classification", "token-classification", "masked-lm", "embedding"],
      knob: { panel: "details", unit: "", stops: [] },
    },
  ],
  [
    "objective.reference",
    {
      kind: "text",
      description: "where reference log-probabilities come from",
      label: "objective.reference",
      options: ["none", "adapter-off", "adapter", "copy", "precomputed"],
    },
  ],
  [
    "objective.reference_dtype",
    {
      kind: "text",
      description: "dtype of a reference that is a copy",
      label: "objective.reference_dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "objective.reference_quantization",
    {
      kind: "text",
      description: "storage of a reference that is a copy",
      label: "objective.reference_quantization",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "objective.prompt_length",
    {
      kind: "number",
      description: "tokens of a prompt; of stage ebft-strided 8 before the first place unless given",
      label: "objective.prompt_length",
    },
  ],
  [
    "objective.completion_length",
    {
      kind: "number",
      description: "tokens of a completion, at most; of stage ebft-strided 8 unless given",
      label: "objective.completion_length",
    },
  ],
  [
    "objective.completion_mean",
    {
      kind: "number",
      description: "mean tokens of a completion that is generated",
      label: "objective.completion_mean",
    },
  ],
  [
    "objective.chosen_length",
    {
      kind: "number",
      description: "tokens of the chosen answer of a pair",
      label: "objective.chosen_length",
    },
  ],
  [
    "objective.rejected_length",
    {
      kind: "number",
      description: "tokens of the rejected answer of a pair",
      label: "objective.rejected_length",
    },
  ],
  [
    "objective.loss_type",
    {
      kind: "list",
      description: "loss as the trainer calls it, such as sigmoid, ipo, simpo, dapo or dft; a list adds them up",
      label: "objective.loss_type",
    },
  ],
  [
    "objective.loss_weights",
    {
      kind: "list",
      description: "weights of several losses",
      label: "objective.loss_weights",
    },
  ],
  [
    "objective.beta",
    {
      kind: "number",
      description: "weight of the reference",
      label: "objective.beta",
    },
  ],
  [
    "objective.alpha",
    {
      kind: "number",
      description: "weight of CPO's supervised loss, and of the cross-entropy of stage ebft-strided",
      label: "objective.alpha",
    },
  ],
  [
    "objective.weighting",
    {
      kind: "boolean",
      description: "WPO's weights of a DPO loss",
      label: "objective.weighting",
    },
  ],
  [
    "objective.scored_fraction",
    {
      kind: "number",
      description: "share of positions that have a label",
      label: "objective.scored_fraction",
    },
  ],
  [
    "objective.label_smoothing",
    {
      kind: "number",
      description: "share of the label that all classes get",
      label: "objective.label_smoothing",
    },
  ],
  [
    "objective.neftune_alpha",
    {
      kind: "number",
      description: "scale of the noise on embeddings",
      label: "objective.neftune_alpha",
    },
  ],
  [
    "objective.labels",
    {
      kind: "number",
      description: "classes of stage classification",
      label: "objective.labels",
    },
  ],
  [
    "objective.stride",
    {
      kind: "number",
      description: "tokens between two places of a text at which stage ebft-strided generates",
      label: "objective.stride",
    },
  ],
  [
    "objective.texts",
    {
      kind: "number",
      description: "texts of an example of stage embedding: anchor, positive and negatives",
      label: "objective.texts",
    },
  ],
  [
    "objective.mini_batch",
    {
      kind: "number",
      description: "texts embedded at a time where gradients of embeddings are cached",
      label: "objective.mini_batch",
    },
  ],
  [
    "objective.pooling",
    {
      kind: "text",
      description: "what of the hidden states of a sequence is its embedding",
      label: "objective.pooling",
      options: ["mean", "cls", "last"],
    },
  ],
  [
    "objective.matryoshka",
    {
      kind: "list",
      description: "widths of embeddings that the loss is computed of (Matryoshka)",
      label: "objective.matryoshka",
    },
  ],
  [
    "objective.teacher",
    {
      kind: "text",
      description: "model that is distilled, or the guide of an embedding loss",
      label: "objective.teacher",
    },
  ],
  [
    "objective.teacher_dtype",
    {
      kind: "text",
      description: "dtype of the teacher",
      label: "objective.teacher_dtype",
      options: ["fp32", "bf16", "fp16"],
    },
  ],
  [
    "objective.teacher_quantization",
    {
      kind: "text",
      description: "storage of the teacher",
      label: "objective.teacher_quantization",
      options: ["none", "nf4", "fp4", "int8", "gptq-int4", "gptq-int8", "awq-int4", "fp8", "mxfp4", "nvfp4", "aqlm-2bit"],
    },
  ],
  [
    "objective.value_model",
    {
      kind: "text",
      description: "model that estimates returns",
      label: "objective.value_model",
    },
  ],
  [
    "objective.reward_models",
    {
      kind: "list",
      description: "models that score completions",
      label: "objective.reward_models",
    },
  ],
  [
    "generation.engine",
    {
      kind: "text",
      description: "who generates completions",
      label: "generation.engine",
      options: ["none", "transformers", "vllm-colocate", "vllm-server", "sglang-colocate", "sglang-server", "deepspeed-hybrid", "shared"],
    },
  ],
  [
    "generation.group_size",
    {
      kind: "number",
      description: "completions per prompt; of stage ebft-strided 4 of each text unless given",
      label: "generation.group_size",
    },
  ],
  [
    "generation.steps_per_generation",
    {
      kind: "number",
      description: "micro-batches per generation",
      label: "generation.steps_per_generation",
    },
  ],
  [
    "generation.iterations",
    {
      kind: "number",
      description: "updates per generated batch",
      label: "generation.iterations",
    },
  ],
  [
    "generation.memory_fraction",
    {
      kind: "number",
      description: "share of the whole card that the engine takes",
      label: "generation.memory_fraction",
    },
  ],
  [
    "generation.sleep",
    {
      kind: "number",
      description: "how much the engine gives back between generations",
      label: "generation.sleep",
    },
  ],
  [
    "generation.max_model_length",
    {
      kind: "number",
      description: "tokens of the engine's longest sequence",
      label: "generation.max_model_length",
    },
  ],
  [
    "generation.tensor",
    {
      kind: "number",
      description: "tensor-parallel degree of the engine",
      label: "generation.tensor",
    },
  ],
  [
    "generation.gpus",
    {
      kind: "number",
      description: "GPUs of a server engine, beside hardware.count",
      label: "generation.gpus",
    },
  ],
  [
    "generation.ahead",
    {
      kind: "boolean",
      description: "a server engine makes the next batch while this one is trained on",
      label: "generation.ahead",
    },
  ],
  [
    "generation.offload_while_generating",
    {
      kind: "list",
      description: "what leaves the GPU while completions are generated",
      label: "generation.offload_while_generating",
    },
  ],
  [
    "data.loader_workers",
    {
      kind: "number",
      description: "processes of each rank that prepare batches, dataloader_num_workers",
      label: "data.loader_workers",
    },
  ],
  [
    "evaluation.micro_batch",
    {
      kind: "number",
      description: "sequences per GPU and forward pass of an evaluation",
      label: "evaluation.micro_batch",
    },
  ],
  [
    "evaluation.batches",
    {
      kind: "number",
      description: "batches of an evaluation during the run",
      label: "evaluation.batches",
    },
  ],
  [
    "evaluation.metrics",
    {
      kind: "boolean",
      description: "logits are gathered for metrics",
      label: "evaluation.metrics",
    },
  ],
  [
    "evaluation.accumulation_steps",
    {
      kind: "number",
      description: "batches after which logits go to the host",
      label: "evaluation.accumulation_steps",
    },
  ],
  [
    "evaluation.new_tokens",
    {
      kind: "number",
      description: "tokens that an evaluation generates behind each sequence, predict_with_generate",
      label: "evaluation.new_tokens",
    },
  ],
  [
    "evaluation.beams",
    {
      kind: "number",
      description: "beams of a search for them, generation_num_beams",
      label: "evaluation.beams",
    },
  ],
  [
    "saving.state_dict",
    {
      kind: "text",
      description: "what a checkpoint gathers",
      label: "saving.state_dict",
      options: ["full", "sharded", "adapter"],
    },
  ],
  [
    "saving.on_gpu",
    {
      kind: "boolean",
      description: "a checkpoint is gathered on the GPU",
      label: "saving.on_gpu",
    },
  ],
  [
    "saving.strategy",
    {
      kind: "text",
      description: "when checkpoints are written, save_strategy",
      label: "saving.strategy",
      options: ["no", "steps", "epoch", "end"],
    },
  ],
  [
    "saving.interval_steps",
    {
      kind: "number",
      description: "steps of the optimizer from one checkpoint to the next, save_steps",
      label: "saving.interval_steps",
    },
  ],
  [
    "saving.total_limit",
    {
      kind: "number",
      description: "checkpoints that are left on disk, save_total_limit",
      label: "saving.total_limit",
    },
  ],
  [
    "saving.only_model",
    {
      kind: "boolean",
      description: "a checkpoint has no optimizer states, save_only_model",
      label: "saving.only_model",
    },
  ],
  [
    "saving.resume",
    {
      kind: "boolean",
      description: "the run goes on from a checkpoint",
      label: "saving.resume",
    },
  ],
  [
    "saving.consolidate",
    {
      kind: "boolean",
      description: "ranks' shards of the last weights are put together at the end",
      label: "saving.consolidate",
    },
  ],
  [
    "saving.merge",
    {
      kind: "boolean",
      description: "adapters are merged at the end",
      label: "saving.merge",
    },
  ],
  [
    "saving.merge_device",
    {
      kind: "text",
      description: "where adapters are merged",
      label: "saving.merge_device",
      options: ["gpu", "cpu", "files", "file-by-file"],
    },
  ],
  [
    "saving.gguf",
    {
      kind: "text",
      description: "the last weights are converted for llama.cpp, merged where there are adapters",
      label: "saving.gguf",
      options: ["f16", "bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m"],
    },
  ],
  [
    "saving.alone",
    {
      kind: "boolean",
      description: "nothing is trained: weights of before are merged, put together or converted",
      label: "saving.alone",
    },
  ],
  [
    "quantized_training.scheme",
    {
      kind: "text",
      description: "low-precision compute of trained weights",
      label: "quantized_training.scheme",
      options: ["none", "fp8", "mxfp8", "nvfp4", "qat-int4", "qat-int8"],
    },
  ],
  [
    "quantized_training.implementation",
    {
      kind: "text",
      description: "whose code computes in low precision",
      label: "quantized_training.implementation",
      options: ["transformer-engine", "torchao", "ms-amp"],
    },
  ],
  [
    "quantized_training.recipe",
    {
      kind: "text",
      description: "how TransformerEngine scales fp8: tensors by earlier or own values, or blocks",
      label: "quantized_training.recipe",
      options: ["delayed", "tensorwise", "blockwise"],
    },
  ],
  [
    "roles",
    {
      kind: "list",
      description: "groups of GPUs of a stage that has several",
      label: "roles",
    },
  ],
]);

/** What the page calls fields that are said beside the job. */
export const FIELDS: ReadonlyMap<string, string> = new Map([
  ["active_params", "Active parameters"],
  ["all", "All"],
  ["as", "Format of the file"],
  ["audio_seconds", "batch.audio_seconds"],
  ["batch", "Batch"],
  ["budget", "Budget"],
  ["by", "By"],
  ["by_module", "By module"],
  ["checkpoint_every", "Checkpoint every"],
  ["completion_length", "objective.completion_length"],
  ["confidence", "Confidence"],
  ["deadline", "Deadline"],
  ["engine_memory_fraction", "generation.memory_fraction"],
  ["eval_tokens", "Eval tokens"],
  ["every_card", "Every card"],
  ["framework_version", "framework.version"],
  ["gpu", "GPU"],
  ["group_size", "generation.group_size"],
  ["headroom", "Headroom"],
  ["image_size", "batch.image_size"],
  ["interruptions_every", "Interruptions every"],
  ["list", "List"],
  ["lora_ranks", "LoRA ranks"],
  ["max_price_age", "Max price age"],
  ["memory", "Memory"],
  ["methods", "Methods"],
  ["min_global_batch", "Min global batch"],
  ["min_sequence_length", "Min sequence length"],
  ["model", "Model"],
  ["params", "Size of the model"],
  ["provider", "Provider"],
  ["region", "Region"],
  ["restart", "Restart"],
  ["revision", "Revision"],
  ["saves", "Saves"],
  ["search", "Search"],
  ["sequence", "Sequence"],
  ["sequence_lengths", "Sequence lengths"],
  ["spot", "Spot"],
  ["timeline", "Timeline"],
  ["to", "Format"],
]);

/** Settings that the plan searches through. */
export const SEARCHED: readonly string[] = [
  "batch.micro_batch",
  "batch.grad_accum",
  "checkpointing",
  "loss",
  "optimizer.name",
  "parallelism.strategy",
  "parallelism.offload",
];
