#!/usr/bin/env bash
# A run divided over an array of sixteen tasks, and its report, in a folder that all nodes share:
#
#   sbatch --parsable --array=1-16 deploy/slurm.sh run     # prints the number of the job
#   sbatch --dependency=afterany:JOB deploy/slurm.sh merge
#
# A task that is requeued writes its report again. One that was lost is run again by itself:
#
#   sbatch --array=7 --export=ALL,SHARD=7/16 deploy/slurm.sh run
#SBATCH --job-name=repro
#SBATCH --requeue
set -euo pipefail
reports=${REPORTS:-reports}
mkdir -p "$reports"

case "${1:-run}" in
run)
    report="$reports/shard-$SLURM_ARRAY_TASK_ID.json"
    # Exit codes of what was found come from the merged report; a task that cannot write one fails here.
    repro run all --shard "${SHARD:-auto}" --output "$report" || test -s "$report"
    ;;
merge)
    repro merge "$reports"/shard-*.json --output "$reports/report.json" --output "$reports/report.html"
    ;;
*)
    echo "usage: $0 run|merge" >&2
    exit 2
    ;;
esac
