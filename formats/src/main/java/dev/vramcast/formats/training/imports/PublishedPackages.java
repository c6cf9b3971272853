package dev.vramcast.formats.training.imports;

import java.util.Set;

/**
 * Packages that programs which train import, and that somebody else publishes: what is called of
 * them is no part of a program that is missing.
 */
final class PublishedPackages {

  private static final Set<String> NAMES =
      Set.of(
          ("adam_mini adapters aiohttp alignment anthropic apollo_torch ast asyncio atexit"
                  + " auto_gptq auto_round autoawq awq aws azure base64 bz2 ceph ceval cloudpickle"
                  + " codecs colorama colossalai comet_ml concurrent configparser cupy"
                  + " cut_cross_entropy dacite dask deepspeed_mii diffusers distutils dlib docx"
                  + " einx elasticsearch evalplus faiss fairscale fastapi fastchat fasttext"
                  + " filelock fla flair flashinfer flask flax fla_core fsspec galore_torch gensim"
                  + " getpass gguf gymnasium h5py heapq hqq httpx huggingface imageio"
                  + " intel_extension_for_pytorch"
                  + " ipaddress ipex ipex_llm jax jieba joblib jsonargparse kernels langchain"
                  + " langdetect lightgbm lighteval lion_pytorch llama_cpp llama_index"
                  + " llama_recipes"
                  + " llmcompressor lm_eval loralib lxml lzma mamba_ssm math_verify megatron"
                  + " ml_collections ml_dtypes mlx mlx_lm modal monai mpi4py msgpack munch nemo"
                  + " neptune networkx ninja numba nvidia ollama onnx onnxruntime openpyxl operator"
                  + " optimum oss2 outlines paddle peft_pretraining pip pkg_resources platform"
                  + " plotly polars pprint prettytable prodigyopt psutil pyarrow pydub pynvml"
                  + " pytest pytorch_optimizer quanto queue qwen_omni_utils qwen_vl_utils"
                  + " regex resource runpod sacrebleu schedulefree seaborn"
                  + " secrets selenium sentry_sdk"
                  + " setproctitle setuptools signal simple_parsing six skimage"
                  + " smdistributed socket"
                  + " soundfile spaces spacy sqlite3 ssl stanza statistics statsmodels streamlit"
                  + " struct sympy tabulate tarfile tensorflow termcolor textstat"
                  + " textwrap tokenize toml tomli torch_npu torch_xla torchao torchdata torchinfo"
                  + " torchmetrics torchscale transformer_engine trlx ujson unittest unsloth_zoo"
                  + " urllib vllm_ascend voyageai weave weakref websockets whisper xgboost xgrammar"
                  + " xlstm xml xtuner zipfile zlib zstandard")
              .split(" "));

  private PublishedPackages() {}

  /**
   * Whether a module is of one of them.
   *
   * @param dots in front of its name, by which it lies in a package of the program's own
   */
  static boolean has(int dots, String module) {
    return dots == 0 && NAMES.contains(module.split("\\.", 2)[0]);
  }
}
