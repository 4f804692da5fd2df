// The signs of official alerts: who speaks, and the seal of a signature that is right. Drawn for these alone.

const DRAWN = {
  police: "M12 3.500 5 6v5.500c0 4.300 2.900 7.400 7 9 4.100-1.600 7-4.700 7-9V6zM12 8.500l1 2.200 2.400.300-1.700 1.600.400 2.400-2.100-1.200-2.100 1.200.400-2.400-1.700-1.600 2.400-.300z",
  municipality: "M4 20h16M5.500 20v-9M10 20v-9M14 20v-9M18.500 20v-9M3.500 11h17L12 4.500z",
  seal: "M12 3.500l2.300 1.700 2.900 0 .9 2.700 2.300 1.700-.9 2.700.9 2.700-2.300 1.700-.9 2.700-2.900 0L12 21.100l-2.300-1.700-2.900 0-.9-2.700-2.300-1.700.9-2.700-.9-2.700 2.300-1.700.9-2.700 2.900 0zM8.500 12.300l2.500 2.500 4.500-5",
} as const;

export function AlertIcon({ name }: { name: keyof typeof DRAWN }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={DRAWN[name]} />
    </svg>
  );
}
