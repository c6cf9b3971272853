# Written by a test
from unsloth import FastLanguageModel

from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

model, tokenizer = FastLanguageModel.from_pretrained(
    model_name="meta-llama/Llama-3.1-8B",
    max_seq_length=2048,
    load_in_4bit=True,
    load_in_8bit=False,
    full_finetuning=False,
)
model = FastLanguageModel.get_peft_model(
    model,
    r=32,
    lora_alpha=64,
    lora_dropout=0.05,
    target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    use_rslora=False,
    use_gradient_checkpointing=True,
)
dataset = load_dataset("json", data_files="data/train.jsonl", split="train")
arguments = SFTConfig(
    max_length=2048,
    packing=False,
    per_device_train_batch_size=2,
    gradient_accumulation_steps=8,
    optim="adamw_torch_fused",
    bf16=True,
    fp16=False,
    num_train_epochs=2,
    learning_rate=0.0002,
    output_dir="outputs",
    report_to="none",
)
trainer = SFTTrainer(
    model=model,
    processing_class=tokenizer,
    train_dataset=dataset,
    args=arguments,
)
trainer.train()
