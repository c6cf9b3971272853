from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.losses import CachedMultipleNegativesRankingLoss
model = SentenceTransformer("microsoft/mpnet-base")
loss = CachedMultipleNegativesRankingLoss(model, mini_batch_size=32)
args = SentenceTransformerTrainingArguments(output_dir="m", num_train_epochs=1, per_device_train_batch_size=64, bf16=True, batch_sampler="no_duplicates")
trainer = SentenceTransformerTrainer(model=model, args=args, train_dataset=d, loss=loss)
trainer.train()
