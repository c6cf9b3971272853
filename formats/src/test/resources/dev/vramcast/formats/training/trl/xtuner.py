from peft import LoraConfig
from torch.optim import AdamW
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from mmengine.optim import AmpOptimWrapper
from xtuner.engine.runner import TrainLoop
from xtuner.model import SupervisedFinetune

base = "meta-llama/Llama-2-7b-hf"
max_length = 4096
sequence_parallel_size = 1
batch_size = 2
accumulative_counts = 8
accumulative_counts *= sequence_parallel_size
epochs = 2

tokenizer = dict(type=AutoTokenizer.from_pretrained, pretrained_model_name_or_path=base)
model = dict(
    type=SupervisedFinetune,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path=base,
        torch_dtype=torch.float16,
        quantization_config=dict(
            type=BitsAndBytesConfig,
            load_in_4bit=True,
            bnb_4bit_use_double_quant=True,
            bnb_4bit_quant_type="nf4",
        ),
    ),
    lora=dict(type=LoraConfig, r=32, lora_alpha=16, lora_dropout=0.1),
)
train_dataloader = dict(batch_size=batch_size, num_workers=0)
optim_wrapper = dict(
    type=AmpOptimWrapper,
    optimizer=dict(type=AdamW, lr=2e-4),
    accumulative_counts=accumulative_counts,
    dtype="bfloat16",
)
train_cfg = dict(type=TrainLoop, max_epochs=epochs)
