import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type PlanRequest, uploadForPlan } from "./upload.ts";

/** Uploads a file for a preview and opens the preview. `rowsOf`: the import whose failed rows this file fixes. */
export function usePlan({ rowsOf, replace = false }: { rowsOf?: string; replace?: boolean } = {}) {
  const navigate = useNavigate();
  const [share, setShare] = useState(0);
  const sending = useRef<AbortController>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const upload = useMutation({
    mutationFn: (request: PlanRequest) => {
      setShare(0);
      sending.current = new AbortController();
      return uploadForPlan(request, { onProgress: setShare, signal: sending.current.signal });
    },
    onSuccess: (importId) =>
      navigate({
        to: "/imports/$importId",
        params: { importId },
        search: rowsOf === undefined ? {} : { rowsOf },
        replace,
      }),
  });
  const stop = () => sending.current?.abort();
  const isStopped = sending.current?.signal.aborted ?? false;
  return {
    start: upload.mutate,
    stop,
    isSending: upload.isPending,
    share,
    error: isStopped ? null : upload.error,
  };
}
