-- Slurm's job_submit plugin: a job that names its training file is held against its card first.
--   sbatch --comment=vramcast:train/axolotl.yml,a100-80gb:4 train.sbatch
-- The program has to be on the path of slurmctld; what it cannot answer stops no job.

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

function slurm_job_submit(job, partitions, uid)
  local file, gpu = (job.comment or ""):match("^vramcast:([^,]+),(.+)$")
  if file == nil then
    return slurm.SUCCESS
  end
  if file:sub(1, 1) ~= "/" then
    file = job.work_dir .. "/" .. file
  end
  local command = "vramcast fit " .. quoted(file) .. " --gpu " .. quoted(gpu) .. " --offline 2>&1"
  local pipe = io.popen(command .. "; echo \"exit $?\"")
  local said = pipe:read("*a")
  pipe:close()
  if said:match("exit 3%s*$") then
    slurm.log_user("%s", (said:gsub("exit %d+%s*$", "")))
    return slurm.ERROR
  end
  return slurm.SUCCESS
end

function slurm_job_modify(job, old, partitions, uid)
  return slurm.SUCCESS
end

return slurm.SUCCESS
