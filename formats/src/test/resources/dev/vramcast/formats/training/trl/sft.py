import torch
from peft import LoraConfig
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

quantization_config = BitsAndBytesConfig(
    load_in_4bit=True,
    bnb_4bit_compute_dtype=torch.float16,
    bnb_4bit_use_double_quant=True,
    bnb_4bit_quant_type="nf4",
)
model = AutoModelForCausalLM.from_pretrained(
    "Qwen/Qwen3-8B", dtype=torch.bfloat16, quantization_config=quantization_config
)
peft_config = LoraConfig(target_modules=["q_proj", "v_proj"], lora_alpha=32)
training_args = SFTConfig(output_dir="out", per_device_train_batch_size=4, max_length=None)
trainer = SFTTrainer(model=model, args=training_args, train_dataset=d, peft_config=peft_config)
