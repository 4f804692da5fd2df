// A sign for each kind of warning, drawn as the other icons are; its word always stands beside it.

import type { CaseKind } from "../protocol.gen";

const DRAWN: Record<CaseKind, string> = {
  burglary: "M4.5 20h15M7 20V4h10v16M7 4l6 2.500V20M10.5 13v.2",
  vehicle_break_in: "M4 16v-3.500l2-5h12l2 5V16zM4 12.500h16M6.5 16v2.500M17.5 16v2.500M7.5 14.300h.100M16.5 14.300h.1",
  theft: "M6 8.500h12l1 11.500H5zM9 8.500V7a3 3 0 0 1 6 0v1.500M9.5 14h5",
  violence: "M13 3.5 6 13h5l-1 7.500L17 11h-5z",
  suspicious: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6ZM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z",
  doorstep_scam: "M4 5h16v11h-8l-4 4v-4H4zM10 8.700a2 2 0 1 1 2 2.300v.800M12 13.500v.2",
  vandalism: "M4.5 4.500h15v15h-15zM12 4.500l-2 5 4 3-3 7M4.5 11l5.5-1.500M14 12.500l5.5-1",
  nuisance: "M4 10v4h3.500L12 18V6l-4.5 4zM15 9.500a3.5 3.5 0 0 1 0 5M17.5 7a7 7 0 0 1 0 10",
  fire: "M12 3.500c1 3.5 5.5 5.5 5.5 10.500a5.5 5.5 0 0 1-11 0c0-2.5 1.5-4 2.5-5.5.5 1.5 1 2 2 2.5.5-2.5 0-5 1-7.500Z",
  traffic: "M10.5 4h3l4 15.500h-11zM4 19.500h16M8.5 12.500h7M9.6 8.500h4.8",
  missing_person:
    "M9.5 4.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM3.5 20a6 6 0 0 1 9.5-5M16 13.500a2 2 0 1 1 2.2 2.400v.900M18.2 19.300v.2",
  public_space:
    "M12 20.500V12M12 15.500l2.5-2.500M6.5 20.500h11M12 3.500a4.5 4.5 0 0 0-4.5 4.6 3.6 3.6 0 0 0 1 6.900h7a3.6 3.6 0 0 0 1-6.900A4.5 4.5 0 0 0 12 3.500Z",
  worry: "M12 19.5 5 12.500a4.3 4.3 0 0 1 7-4.7 4.3 4.3 0 0 1 7 4.700z",
};

export function KindIcon({ kind }: { kind: CaseKind }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={DRAWN[kind]} />
    </svg>
  );
}
