package dev.tunefit.core.memory.step;

import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.LossOps;
import dev.tunefit.core.memory.autograd.Tensor;

/** Head and cross-entropy over chunks of tokens, in the way the framework does it. */
record ChunkedLoss(HeadAndLoss head) {

  /** LitGPT: {@code lm_head_chunk_size} of its fine-tuning scripts. */
  private static final long LITGPT_ROWS = 128;

  /** torchtune: {@code num_output_chunks} of CEWithChunkedOutputLoss. */
  private static final long TORCHTUNE_CHUNKS = 8;

  /** TRL: labels per chunk of {@code chunked_nll} (trl/trainer/sft_trainer.py). */
  private static final long TRL_ROWS = 256;

  /** unsloth-zoo sizes chunks by the memory that is free; a GiB of fp32 logits is assumed. */
  private static final long UNSLOTH_CHUNK_ELEMENTS = (1L << 30) / 4;

  HeadAndLoss.Output forward(Graph g, Tensor hidden) {
    StepSettings settings = head.settings();
    long vocabulary = head.architecture().vocabularySize();
    long tokens = settings.tokens();
    Tensor input = head.lowered(g, hidden);
    Tensor weight = head.weight(g, input.dtype());
    HeadAndLoss.Output output =
        switch (settings.job().framework().name()) {
          case "trl" ->
              alone(
                  LossOps.checkpointedChunks(
                      g, input, weight, Math.min(TRL_ROWS, tokens) * vocabulary));
          case "unsloth" ->
              alone(
                  LossOps.fusedLinear(
                      g,
                      input,
                      weight,
                      Math.max(1, Math.min(tokens, UNSLOTH_CHUNK_ELEMENTS / vocabulary)),
                      vocabulary,
                      tokens));
          case "litgpt" ->
              kept(g, input, weight, Math.min(LITGPT_ROWS, tokens) * vocabulary, false);
          default -> kept(g, input, weight, (tokens + 7) / TORCHTUNE_CHUNKS * vocabulary, true);
        };
    g.release(weight, input);
    return output;
  }

  private HeadAndLoss.Output kept(
      Graph g, Tensor input, Tensor weight, long chunkElements, boolean wide) {
    long elements = head.settings().tokens() * head.architecture().vocabularySize();
    Tensor[] results = LossOps.chunkedOutputs(g, input, weight, chunkElements, elements, wide);
    return new HeadAndLoss.Output(results[0], results[1]);
  }

  private static HeadAndLoss.Output alone(Tensor loss) {
    return new HeadAndLoss.Output(loss, null);
  }
}
