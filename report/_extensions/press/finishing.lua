-- What the two writers share: the last pass over blocks (only blocks, since a walk over every word takes long), and
-- which cells of a table stay on a line.

local finishing = {}

-- `handlers` go by the kind of block and give what takes its place, or nil. What a Div holds is finished before it.
function finishing.blocks(blocks, handlers)
  local nested = { traverse = "topdown" }
  local function finished(block)
    if block.t == "Div" then
      block.content = finishing.blocks(block.content, handlers)
    end
    local handler = handlers[block.t]
    local result = handler and handler(block)
    if result then
      return result
    elseif block.t ~= "Div" and block.t ~= "Para" and block.t ~= "Plain" and block.t ~= "Header" and block.content then
      return block:walk(nested)
    end
    return block
  end
  for kind in pairs(handlers) do
    nested[kind] = function(block) return finished(block), false end
  end
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local result = finished(block)
    if pandoc.utils.type(result) == "Block" then
      out:insert(result)
    else
      out:extend(result)
    end
  end
  return out
end

-- Whether a cell of a table is a date or an interval, which is hard to read over several lines.
function finishing.stays_on_a_line(cell)
  return cell:find("%d") and cell:find("%s") and (utf8.len(cell) or #cell) <= 20
end

return finishing
