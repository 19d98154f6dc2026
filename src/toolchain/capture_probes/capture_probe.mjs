// What programs do to their output: print, reopen it by its name, write much at once.
import { writeFileSync } from 'node:fs';

console.log('one');
console.error('two');
writeFileSync('/dev/stdout', 'three\n');
process.stdout.write('x'.repeat(1 << 20) + '\n', () => console.error('four'));
