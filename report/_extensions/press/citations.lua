-- Citations of sources and their list, by pandoc's citeproc. It is given only the blocks that cite: going through all
-- the words of a long report takes it longer than the citations.

local citations = {}

-- `citing`: by position, which blocks cite or hold the list.
function citations.process(blocks, meta, citing)
  local places, given = {}, pandoc.Blocks({})
  for i, block in ipairs(blocks) do
    if citing[i] then
      places[#places + 1] = i
      given:insert(block)
    end
  end
  local processed = pandoc.utils.citeproc(pandoc.Pandoc(given, meta))
  for i, block in ipairs(processed.blocks) do
    -- A list that was not placed comes last.
    blocks[places[i] or #blocks + 1] = block
  end
  return blocks, processed.meta
end

return citations
